#include "api/about.hpp"

#include "api/error_table.hpp"

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/serialize.hpp>

#include <utility>

namespace ttsave::api {

namespace json = boost::json;

namespace {

json::value worded(const in_both_languages& sentence)
{
    return {{"en", sentence.english}, {"ru", sentence.russian}};
}

json::array errors_for_people()
{
    json::array all;
    for (const auto& row : error_table()) {
        json::object about;
        if (!row.code.empty())
            about["code"] = row.code;
        if (!row.type.empty())
            about["type"] = row.type;
        about["status"] = static_cast<unsigned>(row.status);
        about["meaning"] = worded(row.meaning);
        about["advice"] = worded(row.advice);
        all.push_back(std::move(about));
    }
    return all;
}

} // namespace

http::immediate_handler make_about_page(const server_facts& about, std::function<std::uint64_t()> max_file_bytes)
{
    const json::object facts{{"version", about.version},
                             {"base_path", about.base_path},
                             {"download_path", about.base_path + "/download"},
                             {"needs_key", about.needs_key}};
    // All but one number is always the same, and is made once: it takes longer than an answer should.
    std::string before = json::serialize(facts);
    before.back() = ',';
    before += R"("max_file_bytes":)";
    const std::string after = R"(,"errors":)" + json::serialize(errors_for_people()) + "}";
    return [before, after, max_file_bytes = std::move(max_file_bytes)](const http::request& /*asked*/) {
        http::response answer;
        answer.content_type = "application/json";
        answer.body = before + std::to_string(max_file_bytes()) + after;
        answer.fields = {{"Cache-Control", "no-cache"}};
        return answer;
    };
}

} // namespace ttsave::api
