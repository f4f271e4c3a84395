#include "metrics/exposition.hpp"

#include <prometheus/text_serializer.h>

#include <iterator>

namespace ttsave::metrics {

std::string exposition(const instruments& counted, samples asked)
{
    auto families = counted.collect();
    std::erase_if(families, [](const auto& family) { return family.metric.empty(); });
    auto further = asked.take();
    families.insert(families.end(), std::make_move_iterator(further.begin()), std::make_move_iterator(further.end()));
    return prometheus::TextSerializer().Serialize(families);
}

} // namespace ttsave::metrics
