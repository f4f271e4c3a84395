#include "web/pages.hpp"

#include "web/content_coding.hpp"
#include "web/entity_tag.hpp"

#include <spdlog/spdlog.h>

#include <string>
#include <utility>

namespace ttsave::web {

namespace {

using http::field;

constexpr std::string_view page = "index.html";
constexpr std::string_view docs = "docs/index.html";

/// Vite puts whatever has a hash of its content in its name there, and nothing else.
constexpr std::string_view hashed_folder = "assets/";

/// Scripts and styles of this server alone; pictures and films that the page has made of what it was sent. Nothing in a
/// post can make the page load or run anything, wherever it ends up.
constexpr const char* page_policy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src blob:; "
    "connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// Swagger UI has its icons in its style sheet, as data: URLs. It sets styles by scripts only, which no policy minds.
constexpr const char* docs_policy = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
                                    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/// What people go to, which has an address for them: "/", "/docs"; every other file is at its name.
std::string path_of(const asset& file)
{
    if (file.name == page)
        return "/";
    return file.name == docs ? "/docs" : "/" + std::string(file.name);
}

bool is_document(const asset& file)
{
    return file.media_type.starts_with("text/html");
}

/// A field's value, its lines joined (RFC 9110 section 5.3).
std::string joined(const boost::beast::http::fields& fields, field name)
{
    std::string all;
    const auto [begin, end] = fields.equal_range(name);
    for (auto line = begin; line != end; ++line)
        all.append(all.empty() ? "" : ",").append(line->value().data(), line->value().size());
    return all;
}

/// What a 304 repeats, too (RFC 9110 section 15.4.5): the policies may have changed while the bytes have not.
http::field_list lasting_fields(const asset& file, const representation& chosen)
{
    http::field_list fields{
        {"ETag", std::string(chosen.etag)},
        {"Cache-Control", file.name.starts_with(hashed_folder) ? "public, max-age=31536000, immutable" : "no-cache"},
        {"X-Content-Type-Options", "nosniff"},
    };
    if (!file.gzip.bytes.empty())
        fields.emplace_back("Vary", "Accept-Encoding");
    if (is_document(file)) {
        fields.emplace_back("Content-Security-Policy", file.name == docs ? docs_policy : page_policy);
        fields.emplace_back("Referrer-Policy", "no-referrer");
        fields.emplace_back("Cross-Origin-Opener-Policy", "same-origin");
    }
    return fields;
}

http::response answer(const asset& file, const http::request& asked)
{
    const bool as_gzip = !file.gzip.bytes.empty() &&
                         preferred_coding(joined(asked.fields, field::accept_encoding)) == content_coding::gzip;
    const auto& chosen = as_gzip ? file.gzip : file.plain;
    http::response made;
    made.fields = lasting_fields(file, chosen);
    if (lists_tag(joined(asked.fields, field::if_none_match), chosen.etag)) {
        made.status = http::status::not_modified;
        return made;
    }
    made.content_type = file.media_type;
    if (as_gzip)
        made.fields.emplace_back("Content-Encoding", "gzip");
    made.static_body = chosen.bytes;
    return made;
}

} // namespace

void add_pages(http::router& routes, std::span<const asset> files)
{
    if (files.empty())
        spdlog::info("there is no page for people: the server has been built without (README, \"Install\")");
    for (const auto& file : files) {
        const http::immediate_handler answer_file = [&file](const http::request& asked) { return answer(file, asked); };
        http::route added{path_of(file), {http::verb::get, http::verb::head}, http::body_policy::ignore, answer_file};
        if (file.name != page && file.name != docs)
            added.group = assets_group;
        routes.add(std::move(added));
    }
}

} // namespace ttsave::web
