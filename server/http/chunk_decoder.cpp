#include "http/chunk_decoder.hpp"

#include "http/characters.hpp"

#include <algorithm>

namespace ttsave::http {

namespace {

/// Of 64 bits.
constexpr unsigned most_size_digits = 16;

/// Bytes of a body's extensions and trailers, all together: as much as a head may have.
constexpr std::size_t most_overhead = 16 * 1024;

unsigned value_of(char digit)
{
    if (digit <= '9')
        return static_cast<unsigned>(digit - '0');
    return static_cast<unsigned>((digit | 0x20) - 'a') + 10;
}

/// Of a quoted string between its quotes, but for quoted pairs (RFC 9110 section 5.6.4).
bool is_quotable(char c)
{
    return is(text_char, c) && c != '"' && c != '\\';
}

} // namespace

result<std::string_view> chunk_decoder::next(std::string_view& bytes)
{
    while (!bytes.empty() && !is_done()) {
        if (state_ == state::data) {
            const auto piece = bytes.substr(0, std::min<std::uint64_t>(left_, bytes.size()));
            bytes.remove_prefix(piece.size());
            left_ -= piece.size();
            if (left_ == 0)
                state_ = state::data_cr;
            return piece;
        }
        if (const auto wrong = take(bytes.front()))
            return wrong;
        bytes.remove_prefix(1);
    }
    return std::string_view();
}

error_code chunk_decoder::take(char c)
{
    switch (state_) {
    case state::size_first:
    case state::size: return take_size(c);
    case state::size_lf:
        return expect('\n', c, left_ == 0 ? state::trailer_first : state::data, request_error::malformed_chunk_size);
    case state::data_cr: return expect('\r', c, state::data_lf, request_error::malformed_chunk_end);
    case state::data_lf: return expect('\n', c, state::size_first, request_error::malformed_chunk_end);
    case state::trailer_lf: return expect('\n', c, state::trailer_first, request_error::malformed_trailer);
    case state::end_lf: return expect('\n', c, state::done, request_error::malformed_trailer);
    default: break;
    }
    if (++overhead_ > most_overhead)
        return request_error::chunk_overhead;
    switch (state_) {
    case state::trailer_first:
    case state::trailer_name:
    case state::trailer_value: return take_trailer(c);
    case state::quoted:
    case state::quoted_pair: return take_quoted(c);
    default: return take_extension(c);
    }
}

error_code chunk_decoder::go(state next)
{
    state_ = next;
    return {};
}

error_code chunk_decoder::expect(char wanted, char c, state next, request_error otherwise)
{
    return c == wanted ? go(next) : otherwise;
}

/// chunk-size = 1*HEXDIG
error_code chunk_decoder::take_size(char c)
{
    if (is(hex_digit, c)) {
        digits_ = state_ == state::size_first ? 1 : digits_ + 1;
        left_ = left_ * 16 + value_of(c);
        return digits_ <= most_size_digits ? go(state::size) : request_error::malformed_chunk_size;
    }
    return state_ == state::size && ends_extension(c) ? error_code() : request_error::malformed_chunk_size;
}

/// Goes on behind a size, a name or a value if `c` may follow it.
bool chunk_decoder::ends_extension(char c)
{
    if (c == ';')
        state_ = state::extension_first;
    else if (c == '\r')
        state_ = state::size_lf;
    else if (is_blank(c))
        state_ = state::before_semicolon;
    else
        return false;
    return true;
}

/// chunk-ext = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )
error_code chunk_decoder::take_extension(char c)
{
    const bool is_token = is(token_char, c);
    switch (state_) {
    case state::before_semicolon:
        if (is_blank(c) || c == ';')
            return go(c == ';' ? state::extension_first : state_);
        break;
    case state::extension_first:
        if (is_blank(c) || is_token)
            return go(is_token ? state::extension_name : state_);
        break;
    case state::extension_name:
    case state::after_name:
        if (c == '=')
            return go(state::value_first);
        if (is_blank(c) || c == ';')
            return go(c == ';' ? state::extension_first : state::after_name);
        if (state_ == state::extension_name && (is_token || ends_extension(c)))
            return {};
        break;
    case state::value_first:
        if (c == '"')
            return go(state::quoted);
        if (is_blank(c) || is_token)
            return go(is_token ? state::value : state_);
        break;
    default:
        if ((state_ == state::value && is_token) || ends_extension(c))
            return {};
        break;
    }
    return request_error::malformed_chunk_extension;
}

error_code chunk_decoder::take_quoted(char c)
{
    if (state_ == state::quoted_pair)
        return is(text_char, c) ? go(state::quoted) : request_error::malformed_chunk_extension;
    if (c == '"')
        return go(state::quoted_end);
    if (c == '\\')
        return go(state::quoted_pair);
    return is_quotable(c) ? error_code() : request_error::malformed_chunk_extension;
}

/// trailer-section = *( field-line CRLF ), not folded
error_code chunk_decoder::take_trailer(char c)
{
    if (state_ == state::trailer_value) {
        if (c == '\r')
            return go(state::trailer_lf);
        return is(text_char, c) ? error_code() : request_error::malformed_trailer;
    }
    if (state_ == state::trailer_first) {
        if (c == '\r')
            return go(state::end_lf);
        name_size_ = 0;
    } else if (c == ':') {
        return end_trailer_name();
    }
    if (!is(token_char, c))
        return request_error::malformed_trailer;
    if (name_size_ < name_.size())
        name_[name_size_] = c;
    ++name_size_;
    return go(state::trailer_name);
}

error_code chunk_decoder::end_trailer_name()
{
    const std::string_view name(name_.data(), std::min(name_size_, name_.size()));
    const bool is_forbidden =
        name_size_ <= name_.size() &&
        (is_same_word(name, "host") || is_same_word(name, "content-length") || is_same_word(name, "transfer-encoding"));
    return is_forbidden ? request_error::forbidden_trailer : go(state::trailer_value);
}

} // namespace ttsave::http
