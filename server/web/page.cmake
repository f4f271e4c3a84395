# Which page the server has in it. Sets `page_sources` to what has to be compiled for it, `page_folder` to where its
# files are once they are built, or to nothing.
#
# The build needs Node.js and the packages of web/package-lock.json; the server itself neither. Where there is no
# Node.js, the server is built without the page, unless there is one that has been built elsewhere.

set(TTSAVE_WEB AUTO CACHE STRING "Whether the page is built and put into the server: AUTO (if npm is there), ON or OFF")
set_property(CACHE TTSAVE_WEB PROPERTY STRINGS AUTO ON OFF)
set(TTSAVE_WEB_DIST "" CACHE PATH "A page that is built already (npm run build), to be put into the server")

set(web_dir ${PROJECT_SOURCE_DIR}/web)
set(page_build_dir ${CMAKE_CURRENT_BINARY_DIR}/page)
set(page_folder "")

# Why the page cannot be built here; nothing if it can.
function(find_obstacle out)
    set(${out} "" PARENT_SCOPE)
    find_program(TTSAVE_NPM npm DOC "npm of Node.js, which builds the page")
    find_program(TTSAVE_NODE NAMES node nodejs DOC "Node.js, which builds the page")
    if(NOT TTSAVE_NPM OR NOT TTSAVE_NODE)
        set(${out} "there is no npm" PARENT_SCOPE)
        return()
    endif()
    file(READ ${web_dir}/package.json package)
    string(JSON needed GET "${package}" engines node) # ">=20.19"
    string(REGEX MATCH "[0-9][0-9.]*" needed "${needed}")
    execute_process(COMMAND ${TTSAVE_NODE} --version OUTPUT_VARIABLE found OUTPUT_STRIP_TRAILING_WHITESPACE)
    string(REGEX REPLACE "^v" "" found "${found}")
    if(NOT found VERSION_GREATER_EQUAL needed)
        set(${out} "the page needs Node.js ${needed}, and here is ${found}" PARENT_SCOPE)
    endif()
endfunction()

if(TTSAVE_WEB_DIST)
    if(NOT EXISTS ${TTSAVE_WEB_DIST}/index.html)
        message(FATAL_ERROR "TTSAVE_WEB_DIST names ${TTSAVE_WEB_DIST}, where no built page is: it has no index.html.")
    endif()
    set(page_folder ${TTSAVE_WEB_DIST})
    file(GLOB_RECURSE page_files CONFIGURE_DEPENDS ${page_folder}/*)
    message(STATUS "The page: from ${page_folder}")
elseif(TTSAVE_WEB)
    find_obstacle(obstacle)
    if(NOT obstacle)
        set(page_folder ${page_build_dir}/dist)
        message(STATUS "The page: built by ${TTSAVE_NPM}")
    elseif(TTSAVE_WEB STREQUAL AUTO)
        message(STATUS "The page: none, since ${obstacle}")
    else()
        message(FATAL_ERROR "The page cannot be built: ${obstacle}. TTSAVE_WEB=AUTO or OFF builds the server without.")
    endif()
else()
    message(STATUS "The page: none, as TTSAVE_WEB says")
endif()

set(TTSAVE_PAGE "${page_folder}" CACHE INTERNAL "The files of the page that is in the server; empty: there is none")

if(NOT page_folder)
    set(page_sources web/no_assets.cpp)
    return()
endif()

if(NOT TTSAVE_WEB_DIST)
    # npm writes this file last. It is in the source folder, where Vite and the tests look for packages, and so the
    # packages are installed once for all build folders.
    set(packages ${web_dir}/node_modules/.package-lock.json)
    add_custom_command(OUTPUT ${packages}
        COMMAND ${CMAKE_COMMAND} -D STEP=packages -D NPM=${TTSAVE_NPM} -P ${CMAKE_CURRENT_SOURCE_DIR}/web/build.cmake
        DEPENDS ${web_dir}/package-lock.json ${CMAKE_CURRENT_SOURCE_DIR}/web/build.cmake
        WORKING_DIRECTORY ${web_dir}
        COMMENT "Installing the page's packages" VERBATIM)

    file(GLOB page_files CONFIGURE_DEPENDS ${web_dir}/*.html ${web_dir}/*.json ${web_dir}/*.ts)
    file(GLOB_RECURSE files_below CONFIGURE_DEPENDS ${web_dir}/docs/* ${web_dir}/public/* ${web_dir}/src/*)
    add_custom_command(OUTPUT ${page_build_dir}/built
        COMMAND ${CMAKE_COMMAND} -D STEP=files -D NPM=${TTSAVE_NPM} -D DIST=${page_folder}
                -P ${CMAKE_CURRENT_SOURCE_DIR}/web/build.cmake
        COMMAND ${CMAKE_COMMAND} -E touch ${page_build_dir}/built
        DEPENDS ${packages} ${page_files} ${files_below} ${CMAKE_CURRENT_SOURCE_DIR}/web/build.cmake
        WORKING_DIRECTORY ${web_dir}
        COMMENT "Building the page" VERBATIM)
    set(page_files ${page_build_dir}/built)
endif()

enable_language(ASM)
set(page_sources ${page_build_dir}/assets.cpp ${page_build_dir}/assets.S)
add_custom_command(OUTPUT ${page_sources}
    COMMAND ${CMAKE_COMMAND} -D DIST=${page_folder} -D INTO=${page_build_dir}
            -P ${CMAKE_CURRENT_SOURCE_DIR}/web/embed.cmake
    DEPENDS ${page_files} ${CMAKE_CURRENT_SOURCE_DIR}/web/embed.cmake
    COMMENT "Putting the page into the server" VERBATIM)
