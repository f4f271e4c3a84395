#pragma once

// Every error that this server answers with, once: what HTTP says, and what people are told in its place. The answers,
// /about.json (from which the page takes its words) and /openapi.json are made of it; nothing else in this room words
// an error. Thread-safe: constants only. Source: shared contract, "Errors". Why the words for people are here:
// docs/decisions/024.

#include "core/errc.hpp"
#include "http/message.hpp"

#include <span>
#include <string>
#include <string_view>

namespace ttsave::api {

/// The errors, by name. A new one needs its row in error_table.cpp, in the same order; README's table takes its code.
enum class fault {
    // Of a download whose request is understood
    url_required,
    content_type_invalid,
    post_private,
    post_unavailable,
    post_login_required,
    post_unsupported,
    post_too_large,
    tiktok_blocked,
    tiktok_timeout,
    tiktok_error,
    media_unavailable,
    media_broken,
    extractor_failed,
    slideshow_unavailable,
    slideshow_failed,
    storage_failed,

    // Of a download's body
    body_missing,
    body_not_json,
    body_not_object,
    value_not_text,
    url_not_a_post,

    // Of who asks
    not_authenticated,
    too_many_requests,

    // Of any request; http answers so by itself
    unreadable,
    not_found,
    method_not_allowed,
    body_too_large,
    target_too_long,
    expectation_failed,
    head_too_large,
    unexpected,
    unavailable,
};

/// How the body words the error; shared contract, "Errors".
enum class wording {
    detail,     ///< {"detail":DETAIL}, and the code
    internal,   ///< {"message":"Internal Server Error","detail":"Error: DETAIL"}, and the code
    validation, ///< {"message":"Validation Error","detail":[{"loc":[...],"msg":DETAIL,"type":TYPE}]}
};

/// Which requests may be answered so.
enum class asked_for {
    download,
    what_needs_a_key, ///< a download, or what tells about the server itself
    anything,         ///< that there is
    nothing_there,    ///< no such path, or not by that method
};

/// A sentence for people.
struct in_both_languages {
    std::string_view english;
    std::string_view russian;
};

struct error_entry {
    fault name;
    asked_for met;
    http::status status;
    wording worded;
    std::string_view code;     ///< the body's `code`; empty: it has none
    std::string_view type;     ///< of a validation entry; empty: it is none
    std::string_view detail;   ///< for body_not_json an example: the text says where the mistake is
    in_both_languages meaning; ///< what happened
    in_both_languages advice;  ///< what the person at the page can do, and the operator where it is theirs to do
};

/// All of them, in the order of `fault`.
std::span<const error_entry> error_table() noexcept;

const error_entry& entry_of(fault name) noexcept;

/// By which an error is known outside: its code, else its type, else its status, as "http-404". No two have the same.
std::string name_of(const error_entry& row);

/// What a request gets that has failed with `failure`.
fault fault_of(errc failure) noexcept;

} // namespace ttsave::api
