// RFC 9110 sections 12.5.3 and 13.1.2: the values of Accept-Encoding and If-None-Match.

#include "web/content_coding.hpp"
#include "web/entity_tag.hpp"

#include "require.hpp"
#include "targets.hpp"

#include <string>

namespace ttsave::fuzz {

void page_fields(std::string_view bytes)
{
    using web::content_coding;
    const std::string text(bytes);
    web::preferred_coding(bytes);
    require(web::preferred_coding(text + ",gzip;q=0") == content_coding::identity, "what is excluded is not sent");
    require(web::preferred_coding(text + ",identity;q=0,gzip;q=0.001") == content_coding::gzip,
            "what alone is accepted is sent");

    const std::string tag = "\"0123\"";
    if (web::lists_tag(bytes, tag))
        require(text.find(tag) != text.npos || text.find('*') != text.npos, "a tag is listed where it is named");
    require(web::lists_tag(tag + "," + text, tag), "what follows a tag does not matter");
    require(web::lists_tag("W/" + tag + text, tag), "what follows a tag does not matter");
}

} // namespace ttsave::fuzz
