#pragma once

// A body in the chunked coding (RFC 9112 section 7.1), decoded as it comes in. No I/O.

#include "core/errc.hpp"
#include "http/request_error.hpp"

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace ttsave::http {

/// Takes what is in the grammar and nothing else: sizes of up to 16 digits, CRLF where it belongs, extensions and
/// trailers as long as they are few; both are thrown away. Allocates nothing.
class chunk_decoder {
public:
    /// Takes bytes from the front of `bytes` up to the end of a piece of the body, which is returned, or to the end of
    /// what there is, when that may be empty. What is behind the body's end stays. Errors: request_error; not to be
    /// called again after one.
    result<std::string_view> next(std::string_view& bytes);

    bool is_done() const { return state_ == state::done; }

private:
    enum class state {
        size_first,
        size,
        before_semicolon, // a blank was there, which only another extension may follow
        extension_first,
        extension_name,
        after_name,
        value_first,
        value,
        quoted,
        quoted_pair,
        quoted_end,
        size_lf,
        data,
        data_cr,
        data_lf,
        trailer_first,
        trailer_name,
        trailer_value,
        trailer_lf,
        end_lf,
        done,
    };

    error_code take(char c);
    error_code take_size(char c);
    error_code take_extension(char c);
    error_code take_quoted(char c);
    error_code take_trailer(char c);
    error_code end_trailer_name();
    error_code go(state next);
    error_code expect(char wanted, char c, state next, request_error otherwise);
    bool ends_extension(char c);

    state state_ = state::size_first;
    std::uint64_t left_ = 0; // of the chunk's size
    unsigned digits_ = 0;    // of that size
    std::size_t overhead_ = 0;
    std::array<char, 17> name_{}; // of a trailer, as far as it can be one that is forbidden
    std::size_t name_size_ = 0;
};

} // namespace ttsave::http
