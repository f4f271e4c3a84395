#include "origin.hpp"

#include <utility>

namespace ttsave::test {

std::string video_of(std::size_t size)
{
    std::string bytes("\0\0\0\x18"
                      "ftypisom",
                      12);
    for (std::size_t index = bytes.size(); index < size; ++index)
        bytes += static_cast<char>('a' + index % 23);
    return bytes;
}

std::string head_of(const std::string& status, std::size_t length, const std::string& more)
{
    return "HTTP/1.1 " + status + "\r\nContent-Length: " + std::to_string(length) + "\r\n" + more + "\r\n";
}

std::string whole(const std::string& body, const std::string& more)
{
    return head_of("200 OK", body.size(), more) + body;
}

std::string range_of(const std::string& body, std::size_t begin, const std::string& more)
{
    return head_of("206 Partial Content", body.size() - begin,
                   "Content-Range: bytes " + std::to_string(begin) + '-' + std::to_string(body.size() - 1) + '/' +
                       std::to_string(body.size()) + "\r\n" + more) +
           body.substr(begin);
}

media::fetch_request origin::request_for(const std::vector<std::string>& hosts, std::uint64_t max_bytes) const
{
    media::fetch_request request;
    request.way = through(url());
    for (const auto& host : hosts)
        request.sources.push_back({"http://" + host + "/v.mp4", {"Referer: page"}, "c=" + host});
    request.expected = media::media_class::video;
    request.max_bytes = max_bytes;
    request.stall_timeout = std::chrono::seconds(1);
    return request;
}

void origin::add(const std::string& host, std::string bytes)
{
    add(host, [bytes = std::move(bytes)](scripted_connection& peer, const std::string&) { peer.send(bytes); });
}

std::vector<std::string> origin::heads() const
{
    const std::lock_guard lock(mutex_);
    return heads_;
}

void origin::serve(scripted_connection& peer)
{
    const std::string head = peer.read_head();
    if (head.empty())
        return;
    const auto begin = head.find("//") + 2;
    const std::string host = head.substr(begin, head.find('/', begin) - begin);
    answer next;
    {
        const std::lock_guard lock(mutex_);
        heads_.push_back(head);
        auto& left = answers_[host];
        if (left.empty())
            return;
        next = std::move(left.front());
        left.erase(left.begin());
    }
    next(peer, head);
}

} // namespace ttsave::test
