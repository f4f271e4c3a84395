#include "response_reader.hpp"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace ttsave::bench {

namespace {

constexpr std::string_view head_end = "\r\n\r\n";
constexpr std::string_view line_end = "\r\n";

std::uint64_t number(std::string_view digits, int base)
{
    std::uint64_t value = 0;
    const auto [end, ec] = std::from_chars(digits.data(), digits.data() + digits.size(), value, base);
    if (ec != std::errc() || end != digits.data() + digits.size())
        throw std::runtime_error("not a number: " + std::string(digits));
    return value;
}

/// The value of a field of a head in lower case.
std::string_view field(std::string_view head, const std::string& name)
{
    const auto found = head.find("\r\n" + name + ": ");
    if (found == std::string_view::npos)
        return {};
    const auto begin = found + 2 + name.size() + 2;
    return head.substr(begin, head.find("\r\n", begin) - begin);
}

} // namespace

std::size_t response_reader::feed(std::string_view bytes)
{
    std::size_t taken = 0;
    while (taken < bytes.size() && stage_ != stage::done) {
        if (stage_ == stage::payload) {
            const auto count = std::min<std::uint64_t>(left_, bytes.size() - taken);
            skip(count);
            taken += count;
            continue;
        }
        line_ += bytes[taken++];
        if (stage_ == stage::head && line_.ends_with(head_end))
            on_head();
        else if (stage_ != stage::head && line_.ends_with(line_end))
            on_line();
    }
    return taken;
}

void response_reader::skip(std::uint64_t count)
{
    left_ -= count;
    payload_ += count;
    if (left_ == 0)
        stage_ = is_chunked_ ? stage::after_chunk : stage::done;
}

void response_reader::on_head()
{
    std::transform(line_.begin(), line_.end(), line_.begin(),
                   [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
    if (!line_.starts_with("http/1.1 200 "))
        throw std::runtime_error("not a 200: " + line_.substr(0, line_.find('\r')));
    is_chunked_ = field(line_, "transfer-encoding") == "chunked";
    if (is_chunked_) {
        stage_ = stage::chunk_line;
    } else {
        left_ = number(field(line_, "content-length"), 10);
        stage_ = left_ > 0 ? stage::payload : stage::done;
    }
    line_.clear();
}

void response_reader::on_line()
{
    const auto text = std::string_view(line_).substr(0, line_.size() - line_end.size());
    switch (stage_) {
    case stage::chunk_line:
        left_ = number(text, 16);
        stage_ = left_ > 0 ? stage::payload : stage::trailer;
        break;
    case stage::after_chunk:
        if (!text.empty())
            throw std::runtime_error("a chunk does not end where it should");
        stage_ = stage::chunk_line;
        break;
    default: stage_ = text.empty() ? stage::done : stage::trailer; break;
    }
    line_.clear();
}

} // namespace ttsave::bench
