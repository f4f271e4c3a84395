#include "delivery/stored_form.hpp"

#include <boost/json/object.hpp>
#include <boost/json/value_to.hpp>
#include <boost/system/errc.hpp>

#include <fmt/core.h>

#include <utility>

namespace ttsave::delivery {

namespace json = boost::json;

namespace {

constexpr const char* video_kind = "video";
constexpr const char* photos_kind = "photos";

std::string text_of(const json::object& from, const char* key)
{
    return json::value_to<std::string>(from.at(key));
}

/// Throws for whatever is missing or of another type.
extraction::post post_of(const json::object& about)
{
    extraction::post found;
    found.id = text_of(about, "id");
    found.kind = text_of(about, "kind") == video_kind ? extraction::post_kind::video : extraction::post_kind::photos;
    found.title = text_of(about, "title");
    found.description = text_of(about, "description");
    found.author = text_of(about, "author");
    if (const auto* const duration = about.if_contains("duration_s"))
        found.duration_s = duration->to_number<std::uint64_t>();
    return found;
}

} // namespace

std::string store_key(const std::string& post_id, product wanted, const media::slideshow_options& options)
{
    if (wanted == product::original)
        return post_id + "-original";
    const char* const background = options.background == media::slideshow_background::blur ? "blur" : "black";
    return fmt::format("{}-slideshow-{}-{}-{}", post_id, background, options.shortest.count(), options.longest.count());
}

store::manifest manifest_of(std::string key, const post_files& content)
{
    const auto& post = content.post;
    store::manifest entry;
    entry.key = std::move(key);
    entry.about = {
        {"id", post.id},         {"kind", post.kind == extraction::post_kind::video ? video_kind : photos_kind},
        {"title", post.title},   {"description", post.description},
        {"author", post.author},
    };
    if (post.duration_s)
        entry.about["duration_s"] = *post.duration_s;
    entry.boundary_safe = true;
    for (const auto& file : content.files) {
        const auto state = file->state();
        entry.boundary_safe = entry.boundary_safe && !state.holds_marker;
        const std::string type(state.type->extension);
        entry.files.push_back(
            {fmt::format("{}.{}", entry.files.size() + 1, type), type, state.size, file->checksum_text()});
    }
    return entry;
}

bool is_of_video(const store::manifest& entry)
{
    const auto* const kind = entry.about.if_contains("kind");
    return kind && kind->is_string() && kind->get_string() == video_kind;
}

result<std::shared_ptr<const post_files>> content_of(const store::manifest& entry, std::vector<unique_fd> files,
                                                     const file_services& services)
{
    const auto damaged = make_error_code(boost::system::errc::bad_message);
    auto content = std::make_shared<post_files>();
    try {
        content->post = post_of(entry.about);
    } catch (const std::exception&) { // of a library that reports a wrong shape in no other way
        return damaged;
    }
    for (std::size_t index = 0; index < files.size(); ++index) {
        const auto& file = entry.files[index];
        const auto type = media::media_type_of(file.type);
        if (!type)
            return damaged;
        content->files.push_back(
            std::make_shared<growing_file>(std::move(files[index]), *type, file.size, !entry.boundary_safe, services));
    }
    return std::shared_ptr<const post_files>(std::move(content));
}

} // namespace ttsave::delivery
