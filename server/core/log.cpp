#include "core/log.hpp"

#include <boost/json/serialize.hpp>
#include <spdlog/formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

namespace ttsave {
namespace {

class json_formatter : public spdlog::formatter {
public:
    void format(const spdlog::details::log_msg& entry, spdlog::memory_buf_t& out) override
    {
        const auto micros =
            std::chrono::duration_cast<std::chrono::microseconds>(entry.time.time_since_epoch()).count();
        const std::time_t seconds = micros / 1'000'000;
        std::tm utc{};
        gmtime_r(&seconds, &utc);
        const auto level = spdlog::level::to_string_view(entry.level);
        const std::string message =
            boost::json::serialize(boost::json::string(entry.payload.data(), entry.payload.size()));
        fmt::format_to(std::back_inserter(out),
                       R"({{"time":"{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z","level":"{}","message":{}}})"
                       "\n",
                       utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday, utc.tm_hour, utc.tm_min, utc.tm_sec,
                       micros % 1'000'000, std::string_view(level.data(), level.size()), message);
    }

    std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<json_formatter>(); }
};

} // namespace

void start_log(std::string_view level, bool json)
{
    auto logger = spdlog::stderr_logger_mt("ttsave");
    if (json)
        logger->set_formatter(std::make_unique<json_formatter>());
    else
        logger->set_pattern("%Y-%m-%dT%H:%M:%S.%eZ %l %v", spdlog::pattern_time_type::utc);
    logger->set_level(spdlog::level::from_str(std::string(level)));
    logger->flush_on(spdlog::level::trace);
    spdlog::set_default_logger(std::move(logger));
}

} // namespace ttsave
