// Shared contract, "Success": a body means the same to a strict reader and to PyTTSave, whatever the post is called and
// whatever its files hold. The first line is the post's id as an extractor says it; then come files, each with its size
// in two bytes in front.

#include "http/multipart_writer.hpp"

#include "api/file_name.hpp"
#include "core/checksum.hpp"
#include "extraction/worker_protocol.hpp"
#include "media/media_type.hpp"

#include "require.hpp"
#include "targets.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>

#include <algorithm>
#include <optional>
#include <string>
#include <vector>

namespace ttsave::fuzz {
namespace {

namespace json = boost::json;

struct file {
    std::string name;
    std::string bytes;

    bool operator==(const file&) const = default;
};

/// The id of the post that an extractor calls so, if the server believes it.
std::optional<std::string> believed_id(std::string_view id)
{
    auto line = json::parse(R"({"id":1,"event":"post","post":{"kind":"video","title":"","description":"","author":"",
        "media":[{"role":"video","sound":true,"ext":"mp4","sources":[{"url":"v","headers":{}}]}]}})");
    line.at("post").as_object()["id"] = json::string_view(id.data(), id.size());
    const auto event = extraction::parse_event(json::serialize(line));
    return event ? std::optional(std::get<extraction::post_event>(*event).post.id) : std::nullopt;
}

std::vector<std::string> take_files(std::string_view bytes)
{
    std::vector<std::string> files;
    while (bytes.size() >= 2 && files.size() < 100) {
        const std::size_t size = static_cast<unsigned char>(bytes[0]) * 256u + static_cast<unsigned char>(bytes[1]);
        files.emplace_back(bytes.substr(2, size));
        bytes.remove_prefix(std::min(2 + size, bytes.size()));
    }
    return files;
}

/// As api/download chooses it, but for the chance in it.
std::string boundary_for(const std::vector<std::string>& files, std::string_view seed)
{
    for (const auto& bytes : files)
        if (bytes.find(http::simple_delimiter) != std::string::npos) {
            checksum sum;
            sum.add(seed);
            return sum.text() + sum.text();
        }
    return std::string(http::simple_boundary);
}

std::string_view take_until(std::string_view& text, std::string_view border)
{
    const auto end = text.find(border);
    require(end != std::string_view::npos, "nothing of a body is missing");
    const auto taken = text.substr(0, end);
    text.remove_prefix(end + border.size());
    return taken;
}

/// Where the size is told, by it; else up to the next delimiter (RFC 2046 section 5.1.1).
std::vector<file> read_strictly(std::string_view body, const std::string& delimiter)
{
    std::vector<file> found;
    while (body != delimiter + "--\r\n") {
        require(body.starts_with(delimiter + "\r\nContent-Type: "), "a part begins with a delimiter and its type");
        auto head = take_until(body, "\r\n\r\n");
        take_until(head, "\r\nContent-Disposition: attachment; filename=\"");
        const std::string name(take_until(head, "\""));
        if (head.empty()) {
            found.push_back({name, std::string(take_until(body, "\r\n" + delimiter))});
            body = std::string_view(body.data() - delimiter.size(), body.size() + delimiter.size());
            continue;
        }
        take_until(head, "\r\nContent-Length: ");
        const auto size = std::stoull(std::string(head));
        require(size <= body.size(), "a size is that of the bytes");
        found.push_back({name, std::string(body.substr(0, size))});
        body.remove_prefix(size);
        require(body.starts_with("\r\n"), "a line end follows the bytes");
        body.remove_prefix(2);
    }
    return found;
}

/// Splits on the delimiter wherever it stands; the line end before it stays with the bytes.
std::vector<file> read_as_pyttsave(std::string_view body, const std::string& delimiter)
{
    std::vector<file> found;
    take_until(body, delimiter);
    for (;;) {
        const auto end = body.find(delimiter);
        if (end == std::string_view::npos)
            return found;
        auto part = body.substr(0, end);
        body.remove_prefix(end + delimiter.size());
        auto head = take_until(part, "\r\n\r\n");
        take_until(head, "filename=");
        auto name = std::string(head.substr(0, head.find("\r\n")));
        std::erase(name, '"');
        require(part.ends_with("\r\n"), "PyTTSave saves two bytes more");
        found.push_back({name, std::string(part.substr(0, part.size() - 2))});
    }
}

} // namespace

void multipart(std::string_view bytes)
{
    const auto border = std::min(bytes.find('\n'), bytes.size());
    const auto id = believed_id(bytes.substr(0, border));
    if (!id)
        return;
    const auto contents = take_files(bytes.substr(std::min(border + 1, bytes.size())));
    const http::multipart_writer framing(boundary_for(contents, bytes));
    std::vector<file> sent;
    std::string body;
    for (std::size_t index = 0; index < contents.size(); ++index) {
        const auto type = media::recognise(contents[index]).value_or(*media::media_type_of("mp4"));
        sent.push_back({api::file_name(*id, index, type), contents[index]});
        const auto size = index % 2 == 0 ? std::optional<std::uint64_t>(contents[index].size()) : std::nullopt;
        body += framing.part_head(type.mime, sent.back().name, size) + contents[index];
        body += http::multipart_writer::part_tail;
    }
    body += framing.closing();

    constexpr std::string_view type = "multipart/x-mixed-replace; boundary=";
    require(framing.content_type().starts_with(type), "the boundary is the last parameter");
    const std::string delimiter = "--" + framing.content_type().substr(type.size());
    require(read_strictly(body, delimiter) == sent, "a strict reader gets the files");
    require(read_as_pyttsave(body, delimiter) == sent, "PyTTSave gets the files");
}

} // namespace ttsave::fuzz
