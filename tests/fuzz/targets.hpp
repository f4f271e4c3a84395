#pragma once

// What is fuzzed. Each target takes any bytes, gives them to one part of the server and requires what that part
// promises of its answer; a promise that is broken ends the process (require.hpp).

#include <string_view>

namespace ttsave::fuzz {

using target = void(std::string_view bytes);

target api_keys;
target content_meta;
target download_request;
target image_header;
target json_document;
target manifest;
target media_type;
target mp4;
target multipart;
target page_fields;
target post_url;
target request_head;
target settings_file;
target still_picture;
target web_url;
target worker_protocol;

} // namespace ttsave::fuzz
