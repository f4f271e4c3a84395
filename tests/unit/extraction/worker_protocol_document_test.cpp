// extractor/PROTOCOL.md: the messages that it shows are those that the server writes and reads.

#include "extraction/worker_protocol.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <gmock/gmock.h>

#include <fstream>
#include <sstream>

namespace ttsave::extraction {
namespace {

namespace json = boost::json;

std::vector<json::object> examples()
{
    std::ostringstream document;
    document << std::ifstream(TTSAVE_PROTOCOL_DOCUMENT).rdbuf();
    const std::string text = document.str();
    const std::string begin = "```json\n";
    std::vector<json::object> found;
    for (auto place = text.find(begin); place != std::string::npos; place = text.find(begin, place)) {
        place += begin.size();
        found.push_back(json::parse(text.substr(place, text.find("```", place) - place)).as_object());
    }
    return found;
}

/// What the server writes, given the values of the document's message.
std::string written(const json::object& message)
{
    const auto text = [&message](const char* key) { return std::string(message.at(key).as_string()); };
    if (message.at("op") == "configure")
        return configure_line({text("cookies_file"), text("user_agent"), text("extractor_args")}, text("gate"));
    const std::chrono::duration<double> timeout(message.at("timeout_s").as_double());
    return resolve_line(static_cast<std::uint64_t>(message.at("id").as_int64()), text("url"),
                        std::chrono::duration_cast<std::chrono::milliseconds>(timeout), text("request"));
}

TEST(WorkerProtocolDocument, ShowsEveryMessageAsItIs)
{
    std::vector<std::string> shown;
    for (const auto& message : examples()) {
        const auto* const event = message.if_contains("event");
        shown.emplace_back((event ? *event : message.at("op")).as_string());
        if (event)
            EXPECT_TRUE(parse_event(json::serialize(message))) << json::serialize(message);
        else
            EXPECT_EQ(json::parse(written(message)), json::value(message));
    }
    EXPECT_THAT(shown,
                testing::UnorderedElementsAre("configure", "ready", "unusable", "resolve", "post", "post", "failed"));
}

} // namespace
} // namespace ttsave::extraction
