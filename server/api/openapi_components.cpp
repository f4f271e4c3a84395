#include "api/openapi_components.hpp"

#include "api/download_request.hpp"
#include "api/openapi_errors.hpp"

#include <boost/json/parse.hpp>

#include <string_view>
#include <utility>

namespace ttsave::api {

namespace json = boost::json;

namespace {

// What no table knows; the request, the codes and the examples are added below.
constexpr std::string_view schemas = R"json({
  "PostMeta": {
    "type": "object",
    "description": "What is known of a post besides its files. More keys may be added.",
    "required": ["title", "desc", "id", "author", "type"],
    "properties": {
      "title": {"type": "string", "description": "At most 512 bytes of it."},
      "desc": {"type": "string", "description": "The description; cut, with an ellipsis at its end, where the header would become longer than 8 KiB."},
      "id": {"type": "string", "pattern": "^[0-9]+$"},
      "author": {"type": "string", "description": "The user name, without @."},
      "type": {"type": "string", "enum": ["video", "photos"]},
      "duration": {"type": "integer", "minimum": 0, "description": "Seconds, where known."}
    }
  },
  "Error": {
    "type": "object",
    "required": ["detail"],
    "additionalProperties": false,
    "properties": {
      "detail": {"type": "string", "description": "For people."},
      "code": {"type": "string", "description": "For programs: never changes its meaning. Other versions may know more of them."}
    }
  },
  "InternalError": {
    "type": "object",
    "required": ["message", "detail"],
    "additionalProperties": false,
    "properties": {
      "message": {"type": "string", "const": "Internal Server Error"},
      "detail": {"type": "string", "pattern": "^Error: "},
      "code": {"type": "string"}
    }
  },
  "ValidationError": {
    "type": "object",
    "description": "As pydantic 1 words it. What is wrong with url comes first.",
    "required": ["message", "detail"],
    "additionalProperties": false,
    "properties": {
      "message": {"type": "string", "const": "Validation Error"},
      "detail": {
        "type": "array",
        "minItems": 1,
        "items": {
          "type": "object",
          "required": ["loc", "msg", "type"],
          "additionalProperties": false,
          "properties": {
            "loc": {
              "type": "array",
              "description": "\"body\", then the key or, in malformed JSON, the position in characters.",
              "minItems": 1,
              "items": {"type": ["string", "integer"]}
            },
            "msg": {"type": "string"},
            "type": {"type": "string"}
          }
        }
      }
    }
  },
  "Readiness": {
    "type": "object",
    "required": ["status", "checks"],
    "additionalProperties": false,
    "properties": {
      "status": {"type": "string", "enum": ["ready", "not ready"]},
      "checks": {
        "type": "object",
        "description": "By name: workers, yt_dlp, cache_dir and ffmpeg are needed; tiktok and canary only tell.",
        "additionalProperties": {
          "type": "object",
          "required": ["ok"],
          "properties": {
            "ok": {"type": "boolean"},
            "reason": {"type": "string", "description": "Why it is not ok."}
          }
        }
      }
    }
  },
  "About": {
    "type": "object",
    "required": ["version", "base_path", "download_path", "needs_key", "max_file_bytes", "errors"],
    "properties": {
      "version": {"type": "string"},
      "base_path": {"type": "string"},
      "download_path": {"type": "string"},
      "needs_key": {"type": "boolean", "description": "Whether downloads are only for who shows a key."},
      "max_file_bytes": {"type": "integer", "minimum": 1, "description": "The largest file that is delivered."},
      "errors": {
        "type": "array",
        "description": "What people are told of an error, which is found by its code, else by the type of its first entry, else by its status.",
        "items": {
          "type": "object",
          "required": ["status", "meaning", "advice"],
          "properties": {
            "code": {"type": "string"},
            "type": {"type": "string"},
            "status": {"type": "integer"},
            "meaning": {"$ref": "#/components/schemas/Sentence"},
            "advice": {"$ref": "#/components/schemas/Sentence"}
          }
        }
      }
    }
  },
  "Sentence": {
    "type": "object",
    "description": "By language.",
    "required": ["en", "ru"],
    "properties": {"en": {"type": "string"}, "ru": {"type": "string"}}
  }
})json";

constexpr std::string_view headers = R"json({
  "X-Request-Id": {
    "description": "The request's name in the server's log; the one that the request's own X-Request-Id gave, if it did.",
    "schema": {"type": "string", "pattern": "^[A-Za-z0-9._-]{1,64}$"}
  },
  "Retry-After": {
    "description": "Seconds after which it is worth trying again.",
    "schema": {"type": "integer", "minimum": 1}
  },
  "WWW-Authenticate": {"description": "How a browser asks for the key.", "schema": {"type": "string", "const": "Basic"}},
  "Allow": {"description": "The methods that there are.", "schema": {"type": "string"}, "example": "GET, HEAD, POST"},
  "RateLimit-Limit": {
    "description": "Downloads a minute; this and the next two only where there is a limit.",
    "schema": {"type": "integer"}
  },
  "RateLimit-Remaining": {"description": "How many of them are left.", "schema": {"type": "integer"}},
  "RateLimit-Reset": {"description": "Seconds until all of them are there again.", "schema": {"type": "integer"}}
})json";

constexpr std::string_view ways_to_show_a_key = R"json({
  "bearer": {"type": "http", "scheme": "bearer", "description": "The key as a bearer token."},
  "header": {"type": "apiKey", "in": "header", "name": "X-API-Key"},
  "basic": {"type": "http", "scheme": "basic", "description": "The key as the password, with any user name: what stands in a URL."}
})json";

json::object parsed(std::string_view text)
{
    return json::parse(json::string_view(text.data(), text.size())).as_object();
}

json::object mode_schema(std::string_view description)
{
    json::array names;
    for (const auto& known : named_modes)
        names.emplace_back(known.name);
    return {{"type", "string"}, {"description", description}, {"enum", std::move(names)}};
}

json::object request_schema()
{
    const json::object url{{"type", "string"},
                           {"description", "A link to a TikTok video or photo post, in any form that TikTok or its "
                                           "apps give; or a text with such a link in it."}};
    const auto mode = mode_schema("ORIGINAL: what the post is made of, the video, or the photos and the sound. "
                                  "VIDEO_ONLY: one video, also of a photo post.");
    const auto alias = mode_schema("The same by the name that PyTTSave sends. Does not count beside the other one.");
    const json::array either{{{"required", {mode_key}}}, {{"required", {mode_alias}}}};
    return {{"type", "object"},
            {"description", "Keys that are not known are ignored."},
            {"required", {url_key}},
            {"anyOf", either},
            {"properties", {{url_key, url}, {mode_key, mode}, {mode_alias, alias}}}};
}

} // namespace

json::object openapi_components(bool needs_key)
{
    json::object all{{"DownloadRequest", request_schema()}};
    for (auto& each : parsed(schemas))
        all[each.key()] = std::move(each.value());
    for (const auto& [name, worded] : {std::pair("Error", wording::detail), {"InternalError", wording::internal}})
        all.at(name).at("properties").at("code").as_object()["enum"] = codes_worded_as(worded);
    json::object components{{"schemas", std::move(all)},
                            {"responses", shared_error_responses()},
                            {"examples", error_examples()},
                            {"headers", parsed(headers)}};
    if (needs_key)
        components["securitySchemes"] = parsed(ways_to_show_a_key);
    return components;
}

} // namespace ttsave::api
