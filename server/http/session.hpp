#pragma once

// One connection, from its first request to its end.

#include "http/client_places.hpp"
#include "http/client_watch.hpp"
#include "http/exchange.hpp"
#include "http/guard.hpp"
#include "http/request_reader.hpp"
#include "http/router.hpp"
#include "http/serving.hpp"
#include "http/socket_deadline.hpp"
#include "http/socket_writer.hpp"

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <memory>
#include <optional>
#include <string_view>

namespace ttsave::http {

/// Reads requests one after the other and has their handlers answer them. Lives on its socket's executor only.
class session {
public:
    /// `shared` must outlive the session.
    session(boost::asio::ip::tcp::socket socket, std::unique_ptr<client_places::place> held, const serving& shared);

    /// Returns when the connection is closed. A client that closes its side while a handler works for it counts as
    /// gone (as with uvicorn): the handler is cancelled. While a request is waited for, and once a refusal has been
    /// sent, the session makes room for another client where there is none; who loses an answer by that gets a 503.
    /// Cancellation: terminal; closes the connection at once.
    boost::asio::awaitable<void> run();

private:
    boost::asio::awaitable<bool> serve_one();
    boost::asio::awaitable<bool> dispatch();
    request begin_request();
    request nameless_request() const;
    bool admit(const router::match& found, const request& incoming);
    boost::asio::awaitable<bool> refuse(std::optional<response> answer, error_code why = {});
    response immediate_answer(exchange& current, const router::match& match) const;
    boost::asio::awaitable<bool> stream(exchange& current, const stream_handler& handle);
    boost::asio::awaitable<void> guarded(exchange& current, const stream_handler& handle);
    void conclude(const exchange& ended);
    void log(const exchange& ended) const;
    void reset();

    const std::unique_ptr<client_places::place> place_; // given back after the socket is closed
    boost::asio::ip::tcp::socket socket_;
    const serving& shared_;
    socket_deadline deadline_;
    socket_writer out_;
    request_reader in_;
    client_watch watch_;
    const boost::asio::ip::address peer_;
    std::string_view route_;                         // that takes the request being answered, if one does
    bool owes_answer_ = true;                        // to anybody but a client between two requests
    bool is_guarded_ = false;                        // whether the request being answered has met a guard...
    admission admitted_;                             // ...and what that has said
    std::chrono::steady_clock::time_point asked_at_; // when the request was complete
};

} // namespace ttsave::http
