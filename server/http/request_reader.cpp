#include "http/request_reader.hpp"

#include "core/as_result.hpp"
#include "http/chunk_decoder.hpp"
#include "http/request_error.hpp"

#include <boost/asio/error.hpp>

namespace ttsave::http {

namespace asio = boost::asio;
using clock = socket_deadline::clock;

namespace {

/// What is read at a time: most requests come in one piece.
constexpr std::size_t read_bytes = 4096;

} // namespace

/// Adds what comes to the buffer.
asio::awaitable<error_code> request_reader::receive(time_point deadline)
{
    deadline_.set(deadline);
    const auto space = buffer_.prepare(read_bytes);
    const auto [ec, got] = co_await socket_.async_read_some(space, as_result);
    deadline_.clear();
    buffer_.commit(got);
    co_return deadline_.has_passed() ? error_code(asio::error::timed_out) : ec;
}

std::string_view request_reader::received() const
{
    const auto bytes = buffer_.cdata();
    return {static_cast<const char*>(bytes.data()), bytes.size()};
}

asio::awaitable<error_code> request_reader::read_header()
{
    parser_.emplace();
    head_.emplace(limits_.header_bytes);
    const auto deadline = clock::now() + limits_.header;
    for (;;) {
        if (const auto wrong = head_->look(received()))
            co_return wrong;
        if (head_->is_complete())
            co_return parse_head();
        const auto failed = co_await receive(deadline);
        if (failed == asio::error::eof && head_->has_begun())
            co_return request_error::truncated;
        if (failed)
            co_return failed;
    }
}

/// Beast's parser gets exactly what has been checked, and makes fields of it; it is not asked for the framing.
error_code request_reader::parse_head()
{
    buffer_.consume(head_->begin());
    const auto bytes = buffer_.data();
    const auto size = head_->end() - head_->begin();
    if (head_->minor_version() > 1) // RFC 9110 section 2.5: to be taken for the highest that we know, as Beast does not
        static_cast<char*>(bytes.data())[head_->minor_version_at() - head_->begin()] = '1';
    error_code failed;
    parser_->header_limit(limits_.header_bytes);
    parser_->body_limit(boost::none); // per route
    const auto parsed = parser_->put({bytes.data(), size}, failed);
    if (failed || parsed != size || !parser_->is_header_done())
        return request_error::not_understood;
    buffer_.consume(size);
    return {};
}

asio::awaitable<error_code> request_reader::read_body(body_policy policy, std::string& body)
{
    std::string* const kept = policy == body_policy::keep ? &body : nullptr;
    if (kept && head_->content_length() > limits_.body_bytes)
        co_return request_error::body_too_large;
    if (must_continue())
        if (const auto sent = co_await out_.send("HTTP/1.1 100 Continue\r\n\r\n"); !sent)
            co_return sent.error();
    const auto deadline = clock::now() + limits_.body;
    error_code failed;
    if (head_->is_chunked())
        failed = co_await read_chunked(kept, deadline);
    else
        failed = co_await read_counted(kept, deadline);
    co_return failed == asio::error::eof ? request_error::truncated : failed;
}

/// Appends to `body`, if there is one.
error_code request_reader::keep(std::string* body, std::string_view piece) const
{
    if (!body)
        return {};
    if (piece.size() > limits_.body_bytes - body->size())
        return request_error::body_too_large;
    body->append(piece);
    return {};
}

asio::awaitable<error_code> request_reader::read_counted(std::string* body, time_point deadline)
{
    for (auto left = head_->content_length(); left > 0;) {
        if (!has_bytes())
            if (const auto failed = co_await receive(deadline))
                co_return failed;
        const auto piece = received().substr(0, left);
        if (const auto failed = keep(body, piece))
            co_return failed;
        left -= piece.size();
        buffer_.consume(piece.size());
    }
    co_return error_code();
}

asio::awaitable<error_code> request_reader::read_chunked(std::string* body, time_point deadline)
{
    chunk_decoder decoder;
    while (!decoder.is_done()) {
        if (!has_bytes())
            if (const auto failed = co_await receive(deadline))
                co_return failed;
        auto bytes = received();
        const auto piece = decoder.next(bytes);
        if (!piece)
            co_return piece.error();
        if (const auto failed = keep(body, *piece))
            co_return failed;
        buffer_.consume(buffer_.size() - bytes.size());
    }
    co_return error_code();
}

} // namespace ttsave::http
