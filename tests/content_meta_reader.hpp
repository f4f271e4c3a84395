#pragma once

// Reads a Content-Meta header as its strictest readers together do: JSON, and Python's ast.literal_eval.
// Source: shared contract, "Success".

#include "api/content_meta.hpp"
#include "core/utf8.hpp"

#include "unit/builders.hpp"

#include <map>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>

namespace ttsave::test {

/// The text of one object of texts and whole numbers, in which JSON and Python see the same. Throws at anything else.
class literal_reader {
public:
    explicit literal_reader(std::string_view text) : rest_(text) {}

    std::map<std::string, std::string> members()
    {
        std::map<std::string, std::string> found;
        expect('{');
        do {
            auto key = text();
            expect(':');
            auto value = !rest_.empty() && rest_.front() == '"' ? text() : number();
            if (!found.emplace(std::move(key), std::move(value)).second)
                throw std::invalid_argument("a key stands there twice");
        } while (take(','));
        expect('}');
        if (!rest_.empty())
            throw std::invalid_argument("something follows the object");
        return found;
    }

private:
    bool take(char wanted)
    {
        const bool is_there = !rest_.empty() && rest_.front() == wanted;
        rest_.remove_prefix(is_there ? 1 : 0);
        return is_there;
    }

    void expect(char wanted)
    {
        if (!take(wanted))
            throw std::invalid_argument(std::string("there is no ") + wanted);
    }

    std::string number()
    {
        std::string found(rest_.substr(0, rest_.find_first_not_of("0123456789")));
        if (found.empty() || (found.size() > 1 && found.front() == '0'))
            throw std::invalid_argument("a value is neither a text nor a whole number");
        rest_.remove_prefix(found.size());
        return found;
    }

    std::string text()
    {
        std::string found;
        expect('"');
        while (!take('"')) {
            const auto length = rest_.empty() ? 0 : utf8_length(rest_);
            if (length == 0 || static_cast<unsigned char>(rest_.front()) < 0x20)
                throw std::invalid_argument("a text is not ended, not UTF-8 or holds a control character");
            if (take('\\')) {
                found += escaped();
                continue;
            }
            found.append(rest_.substr(0, length));
            rest_.remove_prefix(length);
        }
        return found;
    }

    /// Of \u, control characters only: a surrogate would be half a character to Python, and there is no need for more.
    char escaped()
    {
        static constexpr std::string_view names = "\"\\bfnrt";
        static constexpr std::string_view meanings = "\"\\\b\f\n\r\t";
        const auto known = rest_.empty() ? std::string_view::npos : names.find(rest_.front());
        if (known != std::string_view::npos) {
            rest_.remove_prefix(1);
            return meanings[known];
        }
        const bool is_control = rest_.starts_with("u000") || rest_.starts_with("u001");
        const auto digit = rest_.size() < 5 ? rest_.npos : std::string_view("0123456789abcdef").find(rest_[4] | 0x20);
        if (!is_control || digit == std::string_view::npos)
            throw std::invalid_argument("an escape that JSON and Python do not share");
        const bool is_upper_half = rest_[3] == '1';
        rest_.remove_prefix(5);
        return static_cast<char>(digit + (is_upper_half ? 16 : 0));
    }

    std::string_view rest_;
};

/// Whether `shown` is `whole`, or as much of it as there is room for: cut between two characters, with an ellipsis.
inline bool is_cut_of(std::string_view shown, std::string_view whole)
{
    constexpr std::string_view ellipsis = "…";
    if (shown == whole)
        return true;
    if (!shown.ends_with(ellipsis))
        return false;
    shown.remove_suffix(ellipsis.size());
    if (shown.size() >= whole.size() || !whole.starts_with(shown))
        return false;
    const bool is_inside_character = (static_cast<unsigned char>(whole[shown.size()]) & 0xc0u) == 0x80u;
    return !is_inside_character;
}

/// Throws, with what is wrong, unless `header` is the Content-Meta of `post`, whose texts are UTF-8.
inline void check_content_meta(std::string_view header, const extraction::post& post)
{
    if (header.size() > api::max_content_meta_bytes)
        throw std::invalid_argument("too long");
    const std::string decoded = decode_base64(header);
    const auto members = literal_reader(decoded).members();
    if (!is_cut_of(members.at("title"), post.title) || !is_cut_of(members.at("author"), post.author))
        throw std::invalid_argument("another title or author");
    if (!is_cut_of(members.at("desc"), post.description))
        throw std::invalid_argument("another description");
    if (members.at("id") != post.id)
        throw std::invalid_argument("another post");
}

} // namespace ttsave::test
