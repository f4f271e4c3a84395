// Shared contract, "Success": Content-Meta. Title, description and author are separated by NUL bytes.

#include "api/content_meta.hpp"

#include "content_meta_reader.hpp"
#include "require.hpp"
#include "targets.hpp"
#include "utf8_text.hpp"

#include <algorithm>
#include <string>

namespace ttsave::fuzz {
namespace {

std::string_view take_field(std::string_view& bytes)
{
    const auto field = bytes.substr(0, bytes.find('\0'));
    bytes.remove_prefix(std::min(field.size() + 1, bytes.size()));
    return field;
}

} // namespace

void content_meta(std::string_view bytes)
{
    extraction::post post;
    post.id = "7312345678901234567";
    post.title = test::as_utf8(take_field(bytes));
    post.description = test::as_utf8(take_field(bytes));
    post.author = test::as_utf8(bytes);
    test::check_content_meta(api::content_meta(post), post);
    while (!post.description.empty() && post.description.size() < api::max_content_meta_bytes)
        post.description += post.description; // on to where it has to be cut
    test::check_content_meta(api::content_meta(post), post);
}

} // namespace ttsave::fuzz
