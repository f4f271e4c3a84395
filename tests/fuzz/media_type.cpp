// Shared contract, "Success": a part's type and its name's extension follow the file's own leading bytes.

#include "media/media_type.hpp"

#include "require.hpp"
#include "targets.hpp"

#include <string>

namespace ttsave::fuzz {

void media_type(std::string_view bytes)
{
    using namespace media;
    const auto type = recognise(bytes);
    const auto head = recognise(bytes.substr(0, recognisable_bytes));
    require(type.has_value() == head.has_value() && (!type || type->mime == head->mime),
            "what follows the leading bytes does not matter");
    if (type) {
        const auto known = media_type_of(type->extension);
        require(known && known->mime == type->mime && known->kind == type->kind, "an extension means one type");
        require(!bytes.starts_with("<html") && !bytes.starts_with("<!DOCTYPE"), "a page is no media");
    }
    int classes = 0;
    for (const auto wanted : {media_class::video, media_class::image, media_class::audio})
        if (const auto found = recognise_as(wanted, bytes)) {
            ++classes;
            require(found->kind == wanted, "media of another class are none");
            require(type.has_value(), "what is not recognised is of no class");
        }
    require(classes <= (type && type->extension == "mp4" ? 2 : 1), "only an MP4 may be video and sound");
    require(classes > 0 || !type, "what is recognised is of a class");
}

} // namespace ttsave::fuzz
