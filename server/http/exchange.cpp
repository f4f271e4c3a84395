#include "http/exchange.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace ttsave::http {

namespace asio = boost::asio;

namespace {

/// A text up to this size is rather copied than sent with a call of its own.
constexpr std::size_t little_bytes = 4096;

constexpr std::string_view last_chunk = "0\r\n\r\n";

/// RFC 9110 sections 8.6, 15.3.5 and 15.4.5: the length of a 304 would be that of the answer it stands for.
framing framing_of(status code, std::string_view content)
{
    if (code == status::no_content || code == status::not_modified)
        return no_body();
    return std::uint64_t{content.size()};
}

} // namespace

void exchange::start(status code, std::string_view content_type, const field_list& fields, framing body)
{
    phase_ = phase::streaming;
    status_ = static_cast<unsigned>(code);
    is_chunked_ = std::holds_alternative<chunked>(body);
    append(out_.waiting(), {code, content_type, fields, body, version_, keep_alive_, further_fields_, incoming_.id});
}

bool exchange::has_note(std::string_view name) const
{
    return std::any_of(notes_.begin(), notes_.end(), [name](const auto& note) { return note.first == name; });
}

asio::awaitable<result<void>> exchange::respond(const response& answer)
{
    const auto content = answer.content();
    const auto framed = framing_of(answer.status, content);
    start(answer.status, answer.content_type, answer.fields, framed);
    if (incoming_.method == verb::head || std::holds_alternative<no_body>(framed))
        return finish();
    body_bytes_ = content.size();
    if (content.size() > little_bytes)
        return finish_with(content);
    out_.waiting() += content;
    return finish();
}

asio::awaitable<result<void>> exchange::finish_with(std::string_view content)
{
    auto sent = co_await out_.send(content);
    if (sent)
        phase_ = phase::whole;
    co_return sent;
}

void exchange::start_stream(std::string_view content_type, const field_list& fields)
{
    const bool has_chunks = version_ >= 11;
    if (!has_chunks)
        keep_alive_ = false;
    start(status::ok, content_type, fields, has_chunks ? framing(chunked()) : framing(until_close()));
    streaming_since_ = clock::now();
}

void exchange::start_chunk(std::uint64_t size)
{
    body_bytes_ += size;
    if (is_chunked_)
        fmt::format_to(std::back_inserter(out_.waiting()), "{:x}\r\n", size);
}

void exchange::end_chunk()
{
    if (is_chunked_)
        out_.waiting() += "\r\n";
}

asio::awaitable<result<void>> exchange::write(std::string_view bytes, more hint)
{
    if (bytes.empty())
        co_return result<void>(); // an empty chunk would end the body
    start_chunk(bytes.size());
    if (bytes.size() <= little_bytes)
        out_.waiting() += bytes;
    else if (auto sent = co_await out_.send(bytes, more::follows); !sent)
        co_return sent;
    end_chunk();
    if (hint == more::follows)
        co_return result<void>();
    co_return co_await flush();
}

asio::awaitable<result<void>> exchange::write_file(int fd, std::uint64_t offset, std::uint64_t count, more hint)
{
    if (count == 0)
        co_return result<void>();
    start_chunk(count);
    if (auto sent = co_await out_.send_file(fd, offset, count, hint); !sent)
        co_return sent;
    end_chunk();
    co_return result<void>();
}

asio::awaitable<result<void>> exchange::finish()
{
    if (is_chunked_)
        out_.waiting() += last_chunk;
    auto sent = co_await flush();
    if (sent)
        phase_ = phase::whole;
    co_return sent;
}

} // namespace ttsave::http
