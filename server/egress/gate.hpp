#pragma once

// The only way out that an extractor process is given: a CONNECT proxy on loopback that lets it reach TikTok's own
// hosts, through the configured way out, for as long as its job runs. Why: docs/decisions/003-egress-gate.md.

#include "core/task_group.hpp"
#include "net/curl_handle.hpp"

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/thread_pool.hpp>

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace ttsave::egress {

/// Not thread-safe: everything happens on the one executor it is given, which must run one handler at a time.
class gate {
public:
    /// One process's permission to pass. Ends with its last owner.
    class pass {
    public:
        /// Lets new connections through.
        void open() { open_ = true; }
        /// Ends all connections and lets no new one through, until opened again: how a job is stopped without
        /// stopping its process.
        void cut();

    private:
        friend class gate;
        struct connection;
        explicit pass(std::string token) : token_(std::move(token)) {}

        std::string token_;
        bool open_ = false;
        std::vector<std::weak_ptr<connection>> connections_;
    };

    /// Listens on a free port of 127.0.0.1. Throws system_error if it cannot.
    gate(const boost::asio::any_io_executor& executor, net::network_options options);

    std::shared_ptr<pass> admit();

    /// The proxy URL to give to the process that `permission` is for. It contains a secret: never log it.
    std::string proxy_url(const pass& permission) const;

    /// Of 127.0.0.1: all that an extractor has to reach.
    std::uint16_t port() const;

    /// Ends everything; must be awaited before destruction.
    boost::asio::awaitable<void> stop();

private:
    boost::asio::awaitable<void> accept();
    boost::asio::awaitable<void> serve(boost::asio::ip::tcp::socket client);
    boost::asio::awaitable<void> relay(std::shared_ptr<pass::connection> ends, std::string host);
    std::shared_ptr<pass> find(std::string_view credentials) const;

    boost::asio::any_io_executor executor_;
    const net::network_options options_;
    boost::asio::ip::tcp::acceptor acceptor_;
    std::map<std::string, std::weak_ptr<pass>> passes_; // by the value of Proxy-Authorization
    boost::asio::thread_pool connectors_;               // connect_tunnel blocks
    task_group tasks_;
};

} // namespace ttsave::egress
