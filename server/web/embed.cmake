# Makes the table of a built page's files (web/asset.hpp), and an assembly source that holds them. A script:
#
#   cmake -D DIST=FOLDER -D INTO=FOLDER -P embed.cmake
#
# writes assets.cpp, assets.S and what `gzip` makes of the files to INTO. The same files give the same bytes.

cmake_minimum_required(VERSION 3.25)

set(media_type_css "text/css; charset=utf-8")
set(media_type_html "text/html; charset=utf-8")
set(media_type_ico "image/x-icon")
set(media_type_js "text/javascript; charset=utf-8")
set(media_type_json "application/json")
set(media_type_png "image/png")
set(media_type_svg "image/svg+xml")
set(media_type_txt "text/plain; charset=utf-8")
set(media_type_webmanifest "application/manifest+json")
set(media_type_woff2 "font/woff2")

# Sets OUT to the C++ of a representation, and puts the file into the assembly source under SYMBOL.
function(embed file symbol out)
    file(SIZE "${file}" size)
    file(SHA256 "${file}" hash)
    string(SUBSTRING ${hash} 0 32 tag) # 128 bits: nobody has two files of the same
    set_property(GLOBAL APPEND_STRING PROPERTY declarations "extern const char ${symbol}[];\n")
    set_property(GLOBAL APPEND_STRING PROPERTY assembly
        "    .global ${symbol}\n${symbol}: // ${hash}\n    .incbin \"${file}\"\n")
    set(${out} "{{${symbol}, ${size}}, R\"(\"${tag}\")\"}" PARENT_SCOPE)
endfunction()

file(REMOVE_RECURSE "${INTO}/gzip")
file(MAKE_DIRECTORY "${INTO}/gzip")
file(GLOB_RECURSE files RELATIVE "${DIST}" "${DIST}/*")
list(SORT files)
list(LENGTH files count)
if(NOT "index.html" IN_LIST files)
    message(FATAL_ERROR "There is no index.html in ${DIST}, which should be a page that is built already.")
endif()

set(number 0)
foreach(name IN LISTS files)
    cmake_path(GET name EXTENSION LAST_ONLY extension)
    string(SUBSTRING "${extension}" 1 -1 extension)
    if(NOT DEFINED media_type_${extension})
        message(FATAL_ERROR "${DIST}/${name}: server/web/embed.cmake knows no media type for its extension.")
    endif()
    embed("${DIST}/${name}" ttsave_asset_${number} plain)

    set(packed "${INTO}/gzip/${number}")
    execute_process(COMMAND gzip -9 -n -c "${DIST}/${name}" OUTPUT_FILE "${packed}" COMMAND_ERROR_IS_FATAL ANY)
    file(SIZE "${DIST}/${name}" plain_size)
    file(SIZE "${packed}" packed_size)
    set(gzip "{}")
    if(packed_size LESS plain_size)
        embed("${packed}" ttsave_asset_${number}_gzip gzip)
    endif()
    string(APPEND rows "    {\"${name}\", \"${media_type_${extension}}\",\n     ${plain},\n     ${gzip}},\n")
    math(EXPR number "${number} + 1")
endforeach()

get_property(declarations GLOBAL PROPERTY declarations)
get_property(assembly GLOBAL PROPERTY assembly)
file(WRITE "${INTO}/assets.S" "// Made by server/web/embed.cmake.
    .section .rodata
${assembly}    .section .note.GNU-stack, \"\", %progbits
")
file(WRITE "${INTO}/assets.cpp" "// Made by server/web/embed.cmake.

#include \"web/asset.hpp\"

#include <array>

extern \"C\" {
${declarations}}

namespace ttsave::web {

std::span<const asset> embedded_assets()
{
    static constexpr std::array<asset, ${count}> table{{
${rows}    }};
    return table;
}

} // namespace ttsave::web
")
