#include "core/log.hpp"

#include "core/utf8.hpp"

#include <boost/json/serialize.hpp>
#include <spdlog/async.h>
#include <spdlog/formatter.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include <algorithm>
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

/// Lines that may wait for the writing thread: a second's worth of a busy server, in less than a megabyte.
constexpr std::size_t most_waiting = 2048;

/// The logger whose payloads are log_line's: in JSON, members of the object already.
constexpr const char* line_logger = "lines";

/// Set by the log_session, and reset with it.
bool is_json = false;
std::shared_ptr<spdlog::logger> lines;

std::string quoted(std::string_view text)
{
    const std::string valid = valid_utf8(text);
    return boost::json::serialize(boost::json::string(valid.data(), valid.size()));
}

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
        const std::string_view payload(entry.payload.data(), entry.payload.size());
        const bool has_members = std::string_view(entry.logger_name.data(), entry.logger_name.size()) == line_logger;
        fmt::format_to(std::back_inserter(out),
                       R"({{"time":"{}.{:06}Z","level":"{}","message":{}}})"
                       "\n",
                       date_and_time(time.calendar), time.micros, level_of(entry),
                       has_members ? std::string(payload) : quoted(payload));
    }

    std::unique_ptr<spdlog::formatter> clone() const override { return std::make_unique<json_formatter>(); }
};

/// Whether text shows `value` as it is: visible, and neither a part's end nor the end of its name.
bool is_plain(std::string_view value)
{
    return !value.empty() && std::all_of(value.begin(), value.end(),
                                         [](unsigned char c) { return c > 0x20 && c != 0x7f && c != '"' && c != '='; });
}

} // namespace

log_session::log_session(std::string_view level, bool json)
{
    is_json = json;
    spdlog::init_thread_pool(most_waiting, 1);
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    if (json)
        sink->set_formatter(std::make_unique<json_formatter>());
    else
        sink->set_formatter(std::make_unique<text_formatter>());
    for (const char* name : {"ttsave", line_logger}) {
        const auto logger = std::make_shared<spdlog::async_logger>(name, sink, spdlog::thread_pool(),
                                                                   spdlog::async_overflow_policy::overrun_oldest);
        logger->flush_on(spdlog::level::trace);
        spdlog::register_logger(logger);
    }
    set_log_level(level);
    spdlog::set_default_logger(spdlog::get("ttsave"));
    lines = spdlog::get(line_logger);
}

log_session::~log_session()
{
    lines.reset();
    spdlog::shutdown();
}

void set_log_level(std::string_view level)
{
    spdlog::set_level(spdlog::level::from_str(std::string(level)));
}

std::size_t lost_log_lines()
{
    const auto writer = spdlog::thread_pool();
    return writer ? writer->overrun_counter() : 0;
}

bool log_line::is_wanted()
{
    return spdlog::should_log(spdlog::level::info);
}

log_line::log_line(std::string_view message)
{
    if (is_json)
        parts_ = quoted(message);
}

log_line& log_line::add(std::string_view name, std::string_view value)
{
    begin(name);
    append(value);
    return *this;
}

log_line& log_line::add(std::string_view name, std::uint64_t value)
{
    begin(name);
    parts_ += std::to_string(value);
    return *this;
}

log_line& log_line::add_plain(std::string_view name, std::string_view value)
{
    if (is_json)
        return add(name, value);
    parts_ += parts_.empty() ? "" : " ";
    append(value);
    return *this;
}

log_line& log_line::add_flag(std::string_view name)
{
    if (is_json) {
        begin(name);
        parts_ += "true";
    } else {
        parts_.append(" ").append(name);
    }
    return *this;
}

void log_line::write() const
{
    if (lines)
        lines->info(parts_);
}

void log_line::begin(std::string_view name)
{
    if (is_json)
        parts_.append(",\"").append(name).append("\":");
    else
        parts_.append(parts_.empty() ? "" : " ").append(name).append("=");
}

void log_line::append(std::string_view value)
{
    if (is_json || !is_plain(value))
        parts_ += quoted(value);
    else
        parts_ += value;
}

} // namespace ttsave
