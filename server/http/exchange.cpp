#include "http/exchange.hpp"

#include <fmt/format.h>

#include <iterator>

namespace ttsave::http {

namespace asio = boost::asio;

namespace {

/// A text up to this size is rather copied than sent with a call of its own.
constexpr std::size_t little_bytes = 4096;

constexpr std::string_view last_chunk = "0\r\n\r\n";

} // namespace

std::string exchange::head(status code, std::string_view content_type, const field_list& fields, framing body)
{
    status_ = static_cast<unsigned>(code);
    return text_of({code, content_type, fields, body, version_, keep_alive_});
}

asio::awaitable<result<void>> exchange::respond(response answer)
{
    waiting_ = head(answer.status, answer.content_type, answer.fields, std::uint64_t{answer.body.size()});
    if (incoming_.method != verb::head) {
        waiting_ += answer.body;
        body_bytes_ = answer.body.size();
    }
    phase_ = phase::streaming;
    auto sent = co_await flush();
    if (sent)
        phase_ = phase::whole;
    co_return sent;
}

void exchange::start_stream(std::string_view content_type, const field_list& fields)
{
    if (!is_chunked())
        keep_alive_ = false;
    phase_ = phase::streaming;
    waiting_ = head(status::ok, content_type, fields, is_chunked() ? framing(chunked()) : framing(until_close()));
}

void exchange::start_chunk(std::uint64_t size)
{
    body_bytes_ += size;
    if (is_chunked())
        fmt::format_to(std::back_inserter(waiting_), "{:x}\r\n", size);
}

void exchange::end_chunk()
{
    if (is_chunked())
        waiting_ += "\r\n";
}

asio::awaitable<result<void>> exchange::write(std::string_view bytes, more hint)
{
    if (bytes.empty())
        co_return result<void>(); // an empty chunk would end the body
    start_chunk(bytes.size());
    if (bytes.size() <= little_bytes) {
        waiting_ += bytes;
        end_chunk();
    } else {
        auto sent = co_await out_.send(waiting_, more::follows);
        waiting_.clear();
        if (sent)
            sent = co_await out_.send(bytes, more::follows);
        if (!sent)
            co_return sent;
        end_chunk();
    }
    if (hint == more::follows)
        co_return result<void>();
    co_return co_await flush();
}

asio::awaitable<result<void>> exchange::write_file(int fd, std::uint64_t offset, std::uint64_t count, more hint)
{
    if (count == 0)
        co_return result<void>();
    start_chunk(count);
    auto sent = co_await out_.send(waiting_, more::follows);
    waiting_.clear();
    if (sent)
        sent = co_await out_.send_file(fd, offset, count, hint);
    if (!sent)
        co_return sent;
    end_chunk();
    co_return result<void>();
}

asio::awaitable<result<void>> exchange::finish()
{
    if (is_chunked())
        waiting_ += last_chunk;
    if (auto sent = co_await flush(); !sent)
        co_return sent;
    phase_ = phase::whole;
    co_return result<void>();
}

asio::awaitable<result<void>> exchange::flush()
{
    auto sent = co_await out_.send(waiting_);
    waiting_.clear();
    co_return sent;
}

} // namespace ttsave::http
