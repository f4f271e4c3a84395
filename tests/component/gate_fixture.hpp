#pragma once

// The gate between a client that plays the extractor and a scripted server that plays the configured proxy.

#include "core/base64.hpp"
#include "egress/gate.hpp"
#include "listened_thread.hpp"
#include "running.hpp"
#include "scripted_server.hpp"
#include "ways.hpp"

#include <boost/asio/generic/stream_protocol.hpp>
#include <boost/asio/read_until.hpp>
#include <boost/asio/write.hpp>

#include <gmock/gmock.h>

#include <memory>
#include <optional>
#include <string>
#include <utility>

namespace ttsave::test {

/// A connection to the gate; blocking.
class gate_client {
public:
    /// `fields` are what each of its requests has besides.
    explicit gate_client(unique_fd connected, std::string fields = {})
        : socket_(context_, boost::asio::generic::stream_protocol(AF_UNSPEC, 0), connected.release()),
          fields_(std::move(fields))
    {
    }

    std::string ask(const std::string& target, const std::string& method = "CONNECT")
    {
        send(method + ' ' + target + " HTTP/1.1\r\nHost: " + target + "\r\n" + fields_ + "\r\n");
        return read_until("\r\n\r\n");
    }

    std::string read_until(const std::string& end)
    {
        boost::system::error_code ec;
        const auto count = boost::asio::read_until(socket_, boost::asio::dynamic_buffer(buffer_), end, ec);
        std::string text = buffer_.substr(0, ec ? buffer_.size() : count);
        buffer_.erase(0, text.size());
        return text;
    }

    /// As much of it as the other side takes.
    void send(const std::string& bytes)
    {
        boost::system::error_code ignored;
        boost::asio::write(socket_, boost::asio::buffer(bytes), ignored);
    }

    bool is_hung_up_on() { return read_until("\r\n\r\n").empty(); }

private:
    boost::asio::io_context context_;
    boost::asio::generic::stream_protocol::socket socket_;
    std::string fields_;
    std::string buffer_;
};

/// One process, which has a pass that is open.
class GateTest : public testing::Test {
protected:
    explicit GateTest(egress::entry way_in)
        : proxy_([](scripted_connection& peer, std::size_t) {
              const auto request = peer.read_head();
              if (request.find("slow") != std::string::npos)
                  return peer.wait_for_close();
              peer.send(request.find("refused") == std::string::npos ? "HTTP/1.1 200 OK\r\n\r\n"
                                                                     : "HTTP/1.1 502 Bad Gateway\r\n\r\n");
              peer.send(request.substr(0, request.find("\r\n")) + ": " + peer.read_head());
              peer.wait_for_close();
          }),
          gate_(std::in_place, running_.get().get_executor(), net::network_options(), way_in)
    {
        on_gate([this] {
            pass_ = gate_->admit(gate_->port() ? unique_fd() : process_.take_connects());
            pass_->open(through(proxy_.url()));
        });
        if (gate_->port())
            fields_ = fields_of(*pass_);
    }

    ~GateTest() override
    {
        auto stop = [this]() -> boost::asio::awaitable<void> {
            co_await gate_->stop();
            pass_.reset();
        };
        boost::asio::co_spawn(running_.get(), stop(), boost::asio::use_future).get();
    }

    template <typename Function>
    void on_gate(Function function)
    {
        auto call = [&function]() -> boost::asio::awaitable<void> {
            function();
            co_return;
        };
        boost::asio::co_spawn(running_.get(), call(), boost::asio::use_future).get();
    }

    /// The user info of what the process is told that its proxy is.
    static std::string user_info(const egress::gate::pass& permission)
    {
        const auto url = permission.proxy_url();
        const auto begin = url.find("//") + 2;
        return url.substr(begin, url.find('@') - begin);
    }

    /// What libraries make of that.
    static std::string fields_of(const egress::gate::pass& permission)
    {
        return "Proxy-Authorization: Basic " + base64_encode(user_info(permission)) + "\r\n";
    }

    /// A new connection to the gate.
    unique_fd connected()
    {
        return gate_->port() ? connected_socket(*gate_->port()) : process_.run([] { return connected_socket(); });
    }

    /// One that shows all it has to.
    gate_client client() { return gate_client(connected(), fields_); }

    running_context running_;
    scripted_server proxy_;
    std::optional<egress::gate> gate_;
    std::shared_ptr<egress::gate::pass> pass_;
    listened_thread process_;
    std::string fields_;
};

} // namespace ttsave::test
