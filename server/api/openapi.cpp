#include "api/openapi.hpp"

#include "api/content_meta.hpp"
#include "api/download_request.hpp"
#include "api/openapi_components.hpp"
#include "api/openapi_errors.hpp"
#include "api/openapi_reference.hpp"
#include "http/multipart_writer.hpp"
#include "metrics/exposition.hpp"

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include <initializer_list>
#include <utility>
#include <vector>

namespace ttsave::api {

namespace json = boost::json;

namespace {

constexpr const char* description =
    "Turns a TikTok link into its files, which arrive while they are being fetched.\n\n"
    "Errors are JSON. `detail` is for people; `code` is for programs and never changes its meaning. A path that is not "
    "listed here is answered with a 404, another method with a 405.";

struct operation {
    std::string id;
    const char* tag;
    const char* summary;
    std::string description;
    json::object success; ///< the 200's `content`
    std::vector<asked_for> reasons{};
    bool is_guarded = false; ///< a key has to be shown, where there are keys
};

json::object content_of(std::string_view type, json::object schema)
{
    return {{type, {{"schema", std::move(schema)}}}};
}

json::object text_content(const char* text)
{
    return content_of("text/plain", {{"type", "string"}, {"const", text}});
}

json::object json_content(const char* schema)
{
    return content_of("application/json", reference(std::string("schemas/") + schema));
}

/// Any one of the ways to show a key will do.
json::array security()
{
    return {{{"bearer", json::array()}}, {{"header", json::array()}}, {{"basic", json::array()}}};
}

json::object responses_of(const operation& told, bool needs_key)
{
    json::object success{{"description", told.summary},
                         {"headers", {{"X-Request-Id", reference("headers/X-Request-Id")}}}};
    if (!told.success.empty())
        success["content"] = told.success;
    json::object all{{"200", std::move(success)}};
    for (auto& each : error_responses(told.reasons, needs_key))
        all[each.key()] = std::move(each.value());
    return all;
}

json::object worded(const operation& told, bool needs_key)
{
    json::object all{{"operationId", told.id}, {"tags", {told.tag}}, {"summary", told.summary}};
    if (!told.description.empty())
        all["description"] = told.description;
    if (told.is_guarded && needs_key)
        all["security"] = security();
    all["responses"] = responses_of(told, needs_key);
    return all;
}

/// A path that is only read: GET, and HEAD, which is the same without the body.
json::object reading(operation told, bool needs_key)
{
    json::object get = worded(told, needs_key);
    told.id += "Head";
    told.success.clear();
    return {{"get", std::move(get)}, {"head", worded(told, needs_key)}};
}

/// The example of what a download is answered with.
extraction::post example_post()
{
    extraction::post made;
    made.id = "7312345678901234567";
    made.kind = extraction::post_kind::video;
    made.title = "Look at this!";
    made.description = "Look at this! #fun";
    made.author = "some.user";
    made.duration_s = 15;
    return made;
}

json::object content_meta_header()
{
    const json::object schema{{"type", "string"},
                              {"contentEncoding", "base64"},
                              {"contentMediaType", "application/json"},
                              {"contentSchema", reference("schemas/PostMeta")}};
    return {{"description", "What is known of the post: Base64 of a JSON object (PostMeta) in UTF-8, below 8 KiB."},
            {"required", true},
            {"schema", schema},
            {"example", content_meta(example_post())}};
}

json::object files_content()
{
    const http::multipart_writer framing{std::string(http::simple_boundary)};
    std::string example = framing.part_head("video/mp4", example_post().id + ".mp4", 1234567);
    example.append("(the bytes)").append(http::multipart_writer::part_tail).append(framing.closing());
    const json::object schema{{"type", "string"}, {"contentMediaType", "multipart/x-mixed-replace"}};
    return {{"multipart/x-mixed-replace", {{"schema", schema}, {"example", example}}}};
}

json::object request_examples()
{
    json::object all;
    for (const auto& known : named_modes)
        all[known.name] = {{"value", {{url_key, "https://vm.tiktok.com/ZMabc"}, {mode_key, known.name}}}};
    return all;
}

json::object download_operation(bool needs_key)
{
    operation told{"download",
                   "download",
                   "The files of a post",
                   "One part a file, in the post's order, then the sound, sent while they are being fetched. Each part "
                   "has `Content-Type`, `Content-Disposition` with a file name, and `Content-Length` where the size is "
                   "known. The boundary is the text behind `boundary=`; it is `simple_boundary` unless a file holds "
                   "that. A transfer that fails in between is cut off: it never ends as a whole one does.",
                   files_content(),
                   {asked_for::download, asked_for::what_needs_a_key},
                   true};
    json::object all = worded(told, needs_key);
    auto& headers = all.at("responses").at("200").at("headers").as_object();
    headers["Content-Meta"] = content_meta_header();
    for (const std::string name : {"RateLimit-Limit", "RateLimit-Remaining", "RateLimit-Reset"})
        headers[name] = reference("headers/" + name);
    json::object body = json_content("DownloadRequest");
    body.at("application/json").as_object()["examples"] = request_examples();
    all["requestBody"] = {{"required", true}, {"content", std::move(body)}};
    return all;
}

json::object ping_operations(const std::string& id, bool needs_key)
{
    operation told{id, "monitoring", "Whether the server is there", "Needs no key. Takes any body, and ignores it.",
                   text_content("pong")};
    json::object all = reading(told, needs_key);
    told.id += "Post";
    all["post"] = worded(told, needs_key);
    return all;
}

json::object readiness_operations(bool needs_key)
{
    json::object all = reading({"readiness", "monitoring", "Whether everything is there that downloads need",
                                "A 503 says what is missing.", json_content("Readiness")},
                               needs_key);
    // Besides the usual 503, which a server that is busy or being stopped gives.
    json::object either{{"oneOf", {reference("schemas/Readiness"), reference("schemas/Error")}}};
    const json::object not_ready{{"description", "Something that downloads need is missing, or the server is busy."},
                                 {"headers", {{"X-Request-Id", reference("headers/X-Request-Id")}}},
                                 {"content", content_of("application/json", std::move(either))}};
    for (const char* method : {"get", "head"})
        all.at(method).at("responses").as_object()["503"] = not_ready;
    return all;
}

json::object metrics_operations(bool needs_key)
{
    operation told{"metrics",
                   "monitoring",
                   "What the server counts and measures, for Prometheus",
                   {},
                   content_of(metrics::exposition_type, {{"type", "string"}})};
    if (needs_key)
        told.reasons = {asked_for::what_needs_a_key};
    told.is_guarded = true;
    return reading(std::move(told), needs_key);
}

json::object paths_of(const server_facts& about)
{
    const bool needs_key = about.needs_key;
    const operation health{"health", "monitoring", "Whether the process answers", {}, text_content("ok")};
    const operation document{
        "openapi", "documentation", "This document", {}, content_of("application/json", {{"type", "object"}})};
    const operation facts{"about",
                          "documentation",
                          "What a client has to know of this server, and words for its errors",
                          {},
                          json_content("About")};
    json::object paths;
    paths[about.base_path + "/download"] = {{"post", download_operation(needs_key)}};
    paths[about.base_path + "/ping"] = ping_operations("ping", needs_key);
    paths["/ping"] = ping_operations(about.base_path.empty() ? "ping" : "rootPing", needs_key);
    paths["/healthz"] = reading(health, needs_key);
    paths["/readyz"] = readiness_operations(needs_key);
    paths["/metrics"] = metrics_operations(needs_key);
    paths["/openapi.json"] = reading(document, needs_key);
    paths["/about.json"] = reading(facts, needs_key);
    return paths;
}

} // namespace

json::object openapi_document(const server_facts& about)
{
    const json::array tags{{{"name", "download"}, {"description", "What the server is for."}},
                           {{"name", "monitoring"}, {"description", "How it is."}},
                           {{"name", "documentation"}, {"description", "What it can do."}}};
    // Relative to the document, so that it is right behind a proxy that adds a prefix, too.
    const json::array servers{{{"url", "."}, {"description", "this server"}}};
    return {{"openapi", "3.1.0"},
            {"info", {{"title", "TTSaveAPI"}, {"version", about.version}, {"description", description}}},
            {"servers", servers},
            {"tags", tags},
            {"paths", paths_of(about)},
            {"components", openapi_components(about.needs_key)}};
}

http::immediate_handler make_openapi_page(const server_facts& about)
{
    http::response answer;
    answer.content_type = "application/json";
    answer.body = json::serialize(openapi_document(about));
    answer.fields = {{"Cache-Control", "no-cache"}};
    return [answer = std::move(answer)](const http::request& /*asked*/) { return answer; };
}

} // namespace ttsave::api
