#include "api/json_document.hpp"

#include "core/utf8.hpp"

#include <boost/json/parse.hpp>

#include <optional>
#include <utility>
#include <vector>

namespace ttsave::api {
namespace {

constexpr std::string_view byte_order_mark = "\xef\xbb\xbf";
constexpr std::size_t longest_usual_exponent = 4; // digits

bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/// Walks a document in the order in which CPython's scanner does, so that the first error is the same one.
class scanner {
public:
    explicit scanner(std::string_view text) : text_(text) {}

    std::optional<json_error> scan()
    {
        skip_space();
        if (!scan_value())
            return std::move(error_);
        skip_space();
        if (at_ != text_.size())
            fail("Extra data", at_);
        return std::move(error_);
    }

    /// Where numbers stand that Python reads and Boost.JSON refuses (NaN, Infinity, exponents beyond all bounds), and
    /// how long they are.
    const std::vector<std::pair<std::size_t, std::size_t>>& unusual_numbers() const { return unusual_numbers_; }

private:
    bool fail(std::string_view what, std::size_t at)
    {
        std::size_t line = 1;
        std::size_t column = 1;
        std::size_t characters = 0;
        for (std::size_t index = 0; index < at; ++index) {
            if ((static_cast<unsigned char>(text_[index]) & 0xc0u) == 0x80u)
                continue; // the rest of a character already counted
            ++characters;
            ++column;
            if (text_[index] == '\n') {
                ++line;
                column = 1;
            }
        }
        error_ = json_error{std::string(what) + ": line " + std::to_string(line) + " column " + std::to_string(column) +
                                " (char " + std::to_string(characters) + ')',
                            characters};
        return false;
    }

    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    bool is_at_end() const { return at_ >= text_.size(); }

    void skip_space()
    {
        while (!is_at_end() && std::string_view(" \t\n\r").find(text_[at_]) != std::string_view::npos)
            ++at_;
    }

    bool scan_word(std::string_view word, bool is_unusual_number = false)
    {
        if (text_.substr(at_, word.size()) != word)
            return false;
        if (is_unusual_number)
            unusual_numbers_.emplace_back(at_, word.size());
        at_ += word.size();
        return true;
    }

    bool scan_value()
    {
        if (is_at_end())
            return fail("Expecting value", at_);
        switch (peek()) {
        case '"': return scan_string();
        case '{': return scan_nested(&scanner::scan_members);
        case '[': return scan_nested(&scanner::scan_elements);
        default: break;
        }
        if (scan_word("null") || scan_word("true") || scan_word("false") || scan_number() || scan_word("NaN", true) ||
            scan_word("Infinity", true) || scan_word("-Infinity", true))
            return true;
        return fail("Expecting value", at_);
    }

    bool scan_nested(bool (scanner::*inside)())
    {
        if (++depth_ > max_json_depth)
            return fail("Nesting too deep", at_);
        ++at_;
        const bool whole = (this->*inside)();
        --depth_;
        return whole;
    }

    bool scan_members()
    {
        skip_space();
        if (peek() == '}' && !is_at_end()) {
            ++at_;
            return true;
        }
        for (;;) {
            if (peek() != '"')
                return fail("Expecting property name enclosed in double quotes", at_);
            if (!scan_string())
                return false;
            skip_space();
            if (peek() != ':')
                return fail("Expecting ':' delimiter", at_);
            ++at_;
            skip_space();
            if (!scan_value())
                return false;
            skip_space();
            if (peek() == '}') {
                ++at_;
                return true;
            }
            if (peek() != ',')
                return fail("Expecting ',' delimiter", at_);
            ++at_;
            skip_space();
        }
    }

    bool scan_elements()
    {
        skip_space();
        if (peek() == ']') {
            ++at_;
            return true;
        }
        for (;;) {
            if (!scan_value())
                return false;
            skip_space();
            if (peek() == ']') {
                ++at_;
                return true;
            }
            if (peek() != ',')
                return fail("Expecting ',' delimiter", at_);
            ++at_;
            skip_space();
        }
    }

    bool scan_number()
    {
        std::size_t end = at_;
        const auto digits = [this, &end] {
            const std::size_t begin = end;
            while (end < text_.size() && is_digit(text_[end]))
                ++end;
            return end > begin;
        };
        if (end < text_.size() && text_[end] == '-')
            ++end;
        if (end < text_.size() && text_[end] == '0')
            ++end;
        else if (!digits())
            return false;
        // What follows a number without belonging to it is the caller's business: "1.x" is 1 and then something else.
        const std::size_t integer_end = end;
        if (end < text_.size() && text_[end] == '.' && !(++end, digits()))
            end = integer_end;
        const std::size_t fraction_end = end;
        if (end < text_.size() && (text_[end] == 'e' || text_[end] == 'E')) {
            ++end;
            if (end < text_.size() && (text_[end] == '+' || text_[end] == '-'))
                ++end;
            const std::size_t exponent_begin = end;
            if (!digits())
                end = fraction_end;
            else if (end - exponent_begin > longest_usual_exponent)
                unusual_numbers_.emplace_back(at_, end - at_);
        }
        at_ = end;
        return true;
    }

    bool scan_string()
    {
        const std::size_t begin = at_++;
        for (;;) {
            if (is_at_end())
                return fail("Unterminated string starting at", begin);
            const auto c = static_cast<unsigned char>(text_[at_]);
            if (c == '"') {
                ++at_;
                return true;
            }
            if (c < 0x20)
                return fail("Invalid control character at", at_);
            if (c != '\\') {
                const std::size_t length = utf8_length(text_.substr(at_));
                if (length == 0)
                    return fail("Invalid UTF-8", at_);
                at_ += length;
            } else if (!scan_escape(begin)) {
                return false;
            }
        }
    }

    bool scan_escape(std::size_t string_begin)
    {
        const std::size_t backslash = at_++;
        if (is_at_end())
            return fail("Unterminated string starting at", string_begin);
        if (peek() != 'u') {
            if (std::string_view("\"\\/bfnrt").find(peek()) == std::string_view::npos)
                return fail("Invalid \\escape", backslash);
            ++at_;
            return true;
        }
        const auto first = code_unit();
        if (!first)
            return fail("Invalid \\uXXXX escape", backslash + 1);
        const bool leads = *first >= 0xd800 && *first < 0xdc00;
        if (*first >= 0xdc00 && *first < 0xe000)
            return fail("Lone surrogate escape", backslash);
        if (!leads)
            return true;
        if (text_.substr(at_, 2) == "\\u") {
            const std::size_t second_begin = at_++;
            const auto second = code_unit();
            if (!second)
                return fail("Invalid \\uXXXX escape", second_begin + 1);
            if (*second >= 0xdc00 && *second < 0xe000)
                return true;
        }
        return fail("Lone surrogate escape", backslash);
    }

    /// Reads "uXXXX"; moves only if it is one.
    std::optional<unsigned> code_unit()
    {
        if (at_ + 5 >= text_.size())
            return std::nullopt; // as Python: the digits cannot be the last of the text
        unsigned value = 0;
        for (std::size_t index = at_ + 1; index < at_ + 5; ++index) {
            const char c = text_[index];
            if (is_digit(c))
                value = value * 16 + static_cast<unsigned>(c - '0');
            else if (c >= 'a' && c <= 'f')
                value = value * 16 + static_cast<unsigned>(c - 'a') + 10;
            else if (c >= 'A' && c <= 'F')
                value = value * 16 + static_cast<unsigned>(c - 'A') + 10;
            else
                return std::nullopt;
        }
        at_ += 5;
        return value;
    }

    const std::string_view text_;
    std::size_t at_ = 0;
    std::size_t depth_ = 0;
    std::optional<json_error> error_;
    std::vector<std::pair<std::size_t, std::size_t>> unusual_numbers_;
};

} // namespace

std::variant<boost::json::value, json_error> parse_json(std::string_view text)
{
    if (text.starts_with(byte_order_mark))
        text.remove_prefix(byte_order_mark.size());
    scanner scan(text);
    if (auto error = scan.scan())
        return std::move(*error);
    // No number means anything to the contract, so any other serves as well.
    std::string usual(text);
    for (const auto& [begin, length] : scan.unusual_numbers())
        usual.replace(begin, length, std::string(length - 1, ' ') + '0');
    boost::json::parse_options options;
    options.max_depth = max_json_depth;
    boost::system::error_code ec;
    auto value = boost::json::parse(usual, ec, {}, options);
    if (ec)
        return json_error{ec.message(), 0};
    return value;
}

} // namespace ttsave::api
