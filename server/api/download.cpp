#include "api/download.hpp"

#include "api/content_meta.hpp"
#include "api/download_request.hpp"
#include "api/error_mapping.hpp"
#include "api/file_name.hpp"
#include "http/multipart_writer.hpp"

#include <fmt/core.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <variant>

namespace ttsave::api {

namespace asio = boost::asio;

namespace {

using more = http::exchange::more;

/// As much of a growing file as goes into one chunk: bounds how long it takes until its failure stops the stream.
constexpr std::uint64_t most_per_chunk = 1024 * 1024;
constexpr std::uint64_t whole_file = std::numeric_limits<std::uint64_t>::max();

bool holds_boundary(const delivery::post_files& content)
{
    return std::any_of(content.files.begin(), content.files.end(),
                       [](const auto& file) { return file->state().holds_marker; });
}

bool is_complete(const delivery::post_files& content)
{
    return std::all_of(content.files.begin(), content.files.end(),
                       [](const auto& file) { return file->state().is_complete; });
}

/// Sends the bytes of one part as they arrive; with more::follows, nothing that follows them has to be waited for.
/// `is_simple`: the boundary is the simple one, which they must not hold.
asio::awaitable<result<void>> send_bytes(http::exchange& out, delivery::growing_file::reader& file, bool is_simple,
                                         more hint)
{
    for (;;) {
        const bool is_whole = file.file().state().is_complete;
        const auto next = co_await file.next(is_whole ? whole_file : most_per_chunk);
        if (!next)
            co_return next.error();
        if (next->size == 0)
            co_return result<void>();
        if (next->holds_marker && is_simple)
            co_return errc::marker_in_media;
        auto sending = next->memory ? out.write(*next->memory)
                                    : out.write_file(file.file().descriptor(), next->offset, next->size, hint);
        if (auto sent = co_await std::move(sending); !sent)
            co_return sent;
    }
}

asio::awaitable<result<void>> send_files(http::exchange& out, delivery::reading& wanted)
{
    const auto& post = wanted.content->post;
    const bool is_simple = !holds_boundary(*wanted.content);
    const http::multipart_writer framing(is_simple ? std::string(http::simple_boundary) : http::random_boundary());
    out.start_stream(framing.content_type(), {{"Content-Meta", content_meta(post)}});
    const auto hint = is_complete(*wanted.content) ? more::follows : more::no;
    for (std::size_t index = 0; index < wanted.readers.size(); ++index) {
        auto& file = wanted.readers[index];
        const auto state = co_await file.recognised();
        if (!state.type)
            co_return state.error;
        const auto size = state.is_complete ? state.size : state.total;
        const std::string name = file_name(post.id, index, *state.type);
        const std::string head = framing.part_head(state.type->mime, name, size);
        if (auto sent = co_await out.write(head, more::follows); !sent)
            co_return sent;
        if (auto sent = co_await send_bytes(out, file, is_simple, hint); !sent)
            co_return sent;
        if (auto sent = co_await out.write(http::multipart_writer::part_tail, more::follows); !sent)
            co_return sent;
    }
    if (auto sent = co_await out.write(framing.closing(), more::follows); !sent)
        co_return sent;
    co_return co_await out.finish();
}

asio::awaitable<void> respond_with_failure(http::exchange& asked, error_code failure)
{
    asked.note("code=" + failure.message());
    co_await asked.respond(failure_response(failure));
}

} // namespace

asio::awaitable<void> download::answer(http::exchange& asked) const
{
    const auto& incoming = asked.incoming();
    const auto type = incoming.fields[http::field::content_type];
    auto parsed = parse_download_request({type.data(), type.size()}, incoming.body);
    if (auto* const refusal = std::get_if<http::response>(&parsed)) {
        co_await asked.respond(std::move(*refusal));
        co_return;
    }
    auto& wanted = std::get<download_request>(parsed);
    auto opened = co_await board_.open(std::move(wanted.link), wanted.mode);
    if (!opened) {
        co_await respond_with_failure(asked, opened.error());
        co_return;
    }
    const auto known = fmt::format("post={} source={}", opened->files.content->post.id, opened->origin);
    asked.note(known);
    if (const auto sent = co_await send_files(asked, opened->files); !sent)
        asked.note(known + " code=" + sent.error().message());
}

} // namespace ttsave::api
