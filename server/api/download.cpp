#include "api/download.hpp"

#include "api/content_meta.hpp"
#include "api/download_request.hpp"
#include "api/error_mapping.hpp"
#include "api/file_name.hpp"
#include "http/multipart_writer.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <variant>

namespace ttsave::api {

namespace asio = boost::asio;

namespace {

using more = http::exchange::more;

/// As much of a growing file as goes into one chunk: bounds how long it takes until its failure stops the stream.
constexpr std::uint64_t most_per_chunk = 1024 * 1024;
/// The outcome of a download whose client went away before its end; no errc, since nobody is told.
constexpr std::string_view client_left = "client.left";

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

/// What becomes of a download: noted in the request's line in the log, and counted when it has ended. A client that
/// leaves ends it wherever it is.
class outcome {
public:
    outcome(metrics::instruments& counted, http::exchange& asked) : counted_(counted), asked_(asked) {}
    outcome(const outcome&) = delete;
    outcome& operator=(const outcome&) = delete;

    ~outcome()
    {
        const auto first = asked_.streaming_since();
        metrics::delivery_end ended{code_, source_, clock::now() - begun_, std::nullopt};
        if (first)
            ended.first_byte = *first - begun_;
        counted_.delivery_ended(ended);
    }

    void opened(const delivery::opened_post& found)
    {
        source_ = found.origin;
        asked_.note("post", found.files.content->post.id);
        asked_.note("source", std::string(found.origin));
        if (found.resolving.count() > 0)
            asked_.note_time("resolve", found.resolving);
    }

    void failed(const error_code& failure)
    {
        const bool is_ours = failure.category() == make_error_code(errc::storage_failed).category();
        if (is_ours)
            code_ = stable_code(static_cast<errc>(failure.value()));
        else // of the connection
            asked_.note("reason", failure.message());
        asked_.note("code", std::string(code_));
    }

    void delivered() { code_ = "ok"; }

private:
    using clock = http::exchange::clock;

    metrics::instruments& counted_;
    http::exchange& asked_;
    const clock::time_point begun_ = clock::now();
    std::string_view code_ = client_left;
    std::string_view source_; // literals
};

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
    outcome end(counted_, asked);
    auto opened = co_await board_.open(std::move(wanted.link), wanted.mode, incoming.id);
    if (!opened) {
        end.failed(opened.error());
        const auto failure = failure_response(opened.error());
        co_await asked.respond(failure);
        co_return;
    }
    end.opened(*opened);
    if (const auto sent = co_await send_files(asked, opened->files))
        end.delivered();
    else
        end.failed(sent.error());
}

} // namespace ttsave::api
