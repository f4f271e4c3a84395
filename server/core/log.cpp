#include "core/log.hpp"

#include <boost/json/serialize.hpp>
#include <spdlog/formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <chrono>
#include <cstdint>
#include <ctime>
#include <iterator>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace ttsave {
namespace {

struct utc_time {
    std::tm calendar{};
    std::int64_t micros = 0;
};

utc_time time_of(const spdlog::details::log_msg& entry)
{
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(entry.time.time_since_epoch()).count();
    const std::time_t seconds = micros / 1'000'000;
    utc_time time;
    gmtime_r(&seconds, &time.calendar);
    time.micros = micros % 1'000'000;
    return time;
}

std::string date_and_time(const std::tm& utc)
{
    return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}", utc.tm_year + 1900, utc.tm_mon + 1, utc.tm_mday,
                       utc.tm_hour, utc.tm_min, utc.tm_sec);
}

std::string_view level_of(const spdlog::details::log_msg& entry)
{
    const auto level = spdlog::level::to_string_view(entry.level);
    return {level.data(), level.size()};
}

/// Keeps each message on its line, and terminals from obeying it: names and texts of others get into messages.
class text_formatter : public spdlog::formatter {
public:
    void format(const spdlog::details::log_msg& entry, spdlog::memory_buf_t& out) override
    {
        const auto time = time_of(entry);
        const auto end = std::back_inserter(out);
        fmt::format_to(end, "{}.{:03}Z {} ", date_and_time(time.calendar), time.micros / 1000, level_of(entry));
        for (const char c : entry.payload)
            if (const auto byte = static_cast<unsigned char>(c); byte < 0x20 || byte == 0x7f)
                fmt::format_to(end, "\\x{:02x}", byte);
            else
                out.push_back(c);
        out.push_back('\n');
    }

    std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<text_formatter>(); }
};

class json_formatter : public spdlog::formatter {
public:
    void format(const spdlog::details::log_msg& entry, spdlog::memory_buf_t& out) override
    {
        const auto time = time_of(entry);
        const std::string message =
            boost::json::serialize(boost::json::string(entry.payload.data(), entry.payload.size()));
        fmt::format_to(std::back_inserter(out),
                       R"({{"time":"{}.{:06}Z","level":"{}","message":{}}})"
                       "\n",
                       date_and_time(time.calendar), time.micros, level_of(entry), message);
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
        logger->set_formatter(std::make_unique<text_formatter>());
    logger->set_level(spdlog::level::from_str(std::string(level)));
    logger->flush_on(spdlog::level::trace);
    spdlog::set_default_logger(std::move(logger));
}

} // namespace ttsave
