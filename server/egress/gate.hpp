#pragma once

// The only way out that an extractor process is given: connections to a CONNECT proxy that lets it reach TikTok's own
// hosts, by the way that its job is to go, for as long as that runs. Why: docs/decisions/003-egress-gate.md.

#include "core/connect_listener.hpp"
#include "core/errc.hpp"
#include "core/task_group.hpp"
#include "core/unique_fd.hpp"
#include "egress/connect_request.hpp"
#include "net/curl_handle.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/thread_pool.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace ttsave::egress {

class connection;
class loopback_port;

/// How processes come to the gate (extractor/PROTOCOL.md, "Network").
enum class entry {
    /// Whatever they connect to, it is a connection to the gate that they are handed. It listens at no address.
    handed,
    /// They connect to a port of 127.0.0.1, and show a password there that is each one's own: for machines where they
    /// cannot be handed connections (confinement_support::connects).
    port,
};

/// The proxy, and who may use it.
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

        /// What the process has to be told that its HTTP proxy is. There may be a password in it: never log it.
        std::string proxy_url() const;

    private:
        friend class gate;
        explicit pass(std::shared_ptr<connect_listener> calls) : calls_(std::move(calls)) {}
        pass(std::uint16_t port, std::string password) : port_(port), password_(std::move(password)) {}

        bool has_room();

        const std::shared_ptr<connect_listener> calls_; // null: nothing is handed
        const std::uint16_t port_ = 0;
        const std::optional<std::string> password_; // nothing: it is of no use at the port
        std::optional<net::route> way_;             // nothing: it is not open
        std::vector<std::weak_ptr<connection>> connections_;
    };

    /// Throws boost::system::system_error if there is to be a port and can be none.
    explicit gate(const boost::asio::any_io_executor& executor, net::network_options options = {},
                  entry way_in = entry::handed);
    ~gate();

    /// Where it listens; nothing where connections are handed. Thread-safe.
    std::optional<std::uint16_t> port() const;

    /// Lets a process in from now on. `connects` is child_process::take_connects()'s; without, it is handed nothing.
    std::shared_ptr<pass> admit(unique_fd connects);

    /// Ends everything; must be awaited before destruction.
    boost::asio::awaitable<void> stop();

private:
    boost::asio::awaitable<void> answer_calls(std::weak_ptr<pass> to, std::shared_ptr<connect_listener> calls);
    boost::asio::awaitable<void> accept_strangers();
    boost::asio::awaitable<void> meet(std::shared_ptr<connection> stranger);
    boost::asio::awaitable<void> pause();
    result<unique_fd> make_connection(const std::weak_ptr<pass>& of);
    std::shared_ptr<pass> find(std::string_view password) const;
    boost::asio::awaitable<void> serve(std::weak_ptr<pass> of, std::shared_ptr<connection> client);
    boost::asio::awaitable<void> lead(const std::shared_ptr<connection>& client, const connect_request& request,
                                      std::optional<net::route> way);

    boost::asio::any_io_executor executor_;
    const net::network_options options_;
    std::vector<std::weak_ptr<pass>> passes_;
    std::unique_ptr<loopback_port> port_; // null: connections are handed
    boost::asio::thread_pool connectors_; // connect_tunnel blocks
    task_group tasks_;
};

} // namespace ttsave::egress
