// http/request_reader: where a request ends, and what it says, must not depend on how its bytes come (RFC 9112
// section 11.2, request smuggling), and what is accepted means the same to Beast, which was written by somebody else.

#include "http/chunk_decoder.hpp"
#include "http/head_check.hpp"
#include "http/limits.hpp"
#include "http/router.hpp"

#include "pieces.hpp"
#include "require.hpp"
#include "targets.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>

#include <string>
#include <vector>

namespace ttsave::fuzz {
namespace {

namespace beast_http = boost::beast::http;
using parser = beast_http::request_parser<beast_http::string_body>;
using pieces = std::vector<std::string_view>;

/// What became of one request.
struct reading {
    error_code failed; ///< of its head or its body
    bool has_head = false;
    bool is_whole = false;
    bool is_chunked = false;
    std::uint64_t length = 0;
    std::string body;
    std::size_t version_at = 0;
    std::size_t begin = 0;
    std::size_t end = 0; ///< of what there is of it

    bool operator==(const reading&) const = default;
};

void read_chunks(reading& into, std::string_view received, http::chunk_decoder& decoder)
{
    auto rest = received.substr(into.end);
    while (!decoder.is_done() && !into.failed && !rest.empty()) {
        const auto piece = decoder.next(rest);
        if (piece)
            into.body.append(*piece);
        else
            into.failed = piece.error();
    }
    into.end = received.size() - rest.size();
    into.is_whole = decoder.is_done();
}

reading read(const pieces& from)
{
    reading found;
    http::head_check head(http::limits().header_bytes);
    http::chunk_decoder decoder;
    std::string received;
    for (const auto piece : from) {
        received.append(piece);
        if (!found.has_head) {
            found.failed = head.look(received);
            if (found.failed)
                return found;
            if (!head.is_complete())
                continue;
            found.has_head = true;
            found.is_chunked = head.is_chunked();
            found.length = head.content_length();
            found.version_at = head.minor_version_at();
            found.begin = head.begin();
            found.end = head.end();
        }
        if (found.is_chunked)
            read_chunks(found, received, decoder);
        else
            found.is_whole = received.size() - head.end() >= found.length;
        if (found.failed || found.is_whole)
            break;
    }
    if (!found.is_chunked && found.is_whole) {
        found.body = received.substr(found.end, found.length);
        found.end += found.length;
    }
    return found;
}

std::size_t put(parser& into, std::string_view text, error_code& failed)
{
    return into.put(boost::asio::const_buffer(text.data(), text.size()), failed);
}

/// What a whole request is to a parser that was not told where it ends.
void check_against_beast(const reading& ours, std::string_view bytes)
{
    parser theirs;
    theirs.header_limit(http::limits().header_bytes);
    theirs.body_limit(boost::none);
    theirs.eager(true);
    std::string text(bytes);
    if (text[ours.version_at] != '0') // as request_reader does with versions that nobody knows yet
        text[ours.version_at] = '1';
    error_code failed;
    std::size_t at = ours.begin;
    while (!theirs.is_done() && !failed && at < text.size())
        at += put(theirs, std::string_view(text).substr(at), failed);
    if (failed && ours.is_chunked && theirs.is_header_done())
        return; // Beast reads meaning into trailers, which the server throws away
    require(!failed, "what is accepted is a request to Beast");
    require(theirs.is_done() && at == ours.end, "both find the same end");
    require(theirs.get().body() == ours.body, "both find the same body");
    const std::string target(theirs.get().target());
    require(target.find_first_of(std::string_view(" \r\n\0", 4)) == std::string::npos, "a target is one word");
    const std::string path = http::path_of(target);
    require(path.empty() || path.starts_with('/'), "a path begins with a slash");
}

} // namespace

void request_head(std::string_view bytes)
{
    const auto whole = read({bytes});
    require(whole == read(torn(bytes)), "a request is the same in pieces of any size");
    if (!whole.is_whole)
        return;
    require(whole.begin < whole.end && whole.end <= bytes.size(), "a request lies within what was received");
    check_against_beast(whole, bytes);
}

} // namespace ttsave::fuzz
