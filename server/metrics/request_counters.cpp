#include "metrics/request_counters.hpp"

#include <algorithm>
#include <string>

namespace ttsave::metrics {

namespace {

constexpr unsigned lowest_status = 100;
constexpr unsigned client_left = 499;

} // namespace

request_counters::request_counters(instruments& owner, const std::vector<std::string_view>& routes)
    : owner_(owner), rows_(routes.size() + 1)
{
    for (std::size_t index = 0; index < routes.size(); ++index)
        rows_[index].route = routes[index];
}

void request_counters::count(std::string_view route, unsigned status, std::uint64_t body_bytes)
{
    counter_of(route, status == 0 ? client_left : status).Increment();
    owner_.sent_bytes().Increment(static_cast<double>(body_bytes));
}

prometheus::Counter& request_counters::counter_of(std::string_view route, unsigned status)
{
    const auto of_route = [route](const row& each) { return each.route == route; };
    auto& found = *std::find_if(rows_.begin(), rows_.end() - 1, of_route);
    auto& known = found.by_status.at(status - lowest_status);
    if (auto* const counter = known.load(std::memory_order_acquire))
        return *counter;
    auto& made = owner_.requests().Add({{"route", std::string(found.route)}, {"status", std::to_string(status)}});
    known.store(&made, std::memory_order_release);
    return made;
}

} // namespace ttsave::metrics
