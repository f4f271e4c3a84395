#pragma once

// The only way out that an extractor process is given: connections to a CONNECT proxy that lets it reach TikTok's own
// hosts, by the way that its job is to go, for as long as that runs. Why: docs/decisions/003-egress-gate.md.

#include "core/connect_listener.hpp"
#include "core/errc.hpp"
#include "core/task_group.hpp"
#include "core/unique_fd.hpp"
#include "net/curl_handle.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <cstddef>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

namespace ttsave::egress {

class connection;

/// Listens at no address: whatever a process that is admitted connects to, it is a connection to the gate that it gets
/// (extractor/PROTOCOL.md, "Network").
///
/// Not thread-safe: everything happens on the one executor it is given, which must run one handler at a time.
class gate {
public:
    /// How many connections of one process there can be at once; more are refused.
    static constexpr std::size_t most_connections = 16;

    /// One process's permission to pass. Ends with its last owner, and its connections with it.
    class pass {
    public:
        ~pass();

        pass(const pass&) = delete;
        pass& operator=(const pass&) = delete;

        /// Lets new connections through, by `way`.
        void open(net::route way) { way_ = std::move(way); }
        /// Ends all connections and lets no new one through, until opened again: how a job is stopped without
        /// stopping its process.
        void cut();

    private:
        friend class gate;
        explicit pass(std::shared_ptr<connect_listener> calls) : calls_(std::move(calls)) {}

        const std::shared_ptr<connect_listener> calls_;
        std::optional<net::route> way_; // nothing: it is not open
        std::vector<std::weak_ptr<connection>> connections_;
    };

    explicit gate(const boost::asio::any_io_executor& executor, net::network_options options = {});

    /// From now on answers what a process connects; `connects` is child_process::take_connects()'s. None, and nothing
    /// is connected.
    std::shared_ptr<pass> admit(unique_fd connects);

    /// Ends everything; must be awaited before destruction.
    boost::asio::awaitable<void> stop();

private:
    boost::asio::awaitable<void> answer_calls(std::weak_ptr<pass> to, std::shared_ptr<connect_listener> calls);
    boost::asio::awaitable<void> pause();
    result<unique_fd> make_connection(const std::weak_ptr<pass>& of);
    boost::asio::awaitable<void> serve(std::weak_ptr<pass> of, std::shared_ptr<connection> client);

    boost::asio::any_io_executor executor_;
    const net::network_options options_;
    std::vector<std::weak_ptr<pass>> passes_;
    boost::asio::thread_pool connectors_; // connect_tunnel blocks
    task_group tasks_;
};

} // namespace ttsave::egress
