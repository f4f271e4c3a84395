#pragma once

// Accepts connections and spreads them over the threads.

#include "core/budget.hpp"
#include "core/episode.hpp"
#include "core/task_group.hpp"
#include "http/client_places.hpp"
#include "http/drain.hpp"
#include "http/limits.hpp"
#include "http/router.hpp"
#include "http/serving.hpp"
#include "http/starting_line.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <vector>

namespace ttsave::http {

/// One acceptor; each connection lives and dies on one of the executors, taken in turn. Where too many are connected,
/// a new one gets the place of the one that has waited longest for its next request, or a 503 if there is none.
class listener {
public:
    /// `executors` run one handler at a time each; the first one also accepts, and is the one of `acceptor`. `routes`
    /// must outlive the listener.
    /// `seen` sees every answer.
    listener(std::vector<boost::asio::any_io_executor> executors, boost::asio::ip::tcp::acceptor acceptor,
             const router& routes, limits bounds, witness seen = {});

    boost::asio::ip::tcp::endpoint endpoint() const { return acceptor_.local_endpoint(); }

    /// How many clients are connected, without those who are about to leave. Thread-safe.
    std::size_t clients() const { return clients_.taken(); }

    /// Begins to accept.
    void start();

    /// Changes limits::clients. Thread-safe.
    void set_most_clients(std::size_t most) { clients_.set_most(most); }

    /// Refuses new requests on open connections, stops accepting, lets those being answered finish until `deadline`,
    /// and closes every connection then. Must be awaited before destruction, if started.
    boost::asio::awaitable<void> stop(std::chrono::steady_clock::time_point deadline);

    /// Makes a `stop` under way behave as if its deadline had come.
    void end_grace() { drain_.give_up(); }

private:
    boost::asio::awaitable<void> accept();
    void admit(boost::asio::ip::tcp::socket socket, const boost::asio::any_io_executor& executor);
    void refuse(boost::asio::ip::tcp::socket socket, const boost::asio::any_io_executor& executor);

    const std::vector<boost::asio::any_io_executor> executors_;
    const limits limits_;
    const witness seen_;
    boost::asio::ip::tcp::acceptor acceptor_;
    budget headroom_;
    drain drain_;
    starting_line starting_;
    client_places clients_;
    client_places refused_;
    const serving shared_;
    episode refusals_; // the acceptor's
    episode failures_; // likewise
    task_group accepting_;
    task_group sessions_;
};

} // namespace ttsave::http
