# Builds the page: its packages with STEP=packages, its files with STEP=files. A script, so that what npm has to say can
# be followed by what to do about it:
#
#   cmake -D STEP=... -D NPM=PROGRAM -D DIST=FOLDER -P build.cmake     in web/

cmake_minimum_required(VERSION 3.25)

if(STEP STREQUAL packages)
    execute_process(COMMAND "${NPM}" ci RESULT_VARIABLE status)
else()
    execute_process(COMMAND "${NPM}" run --silent build -- --outDir "${DIST}" --emptyOutDir RESULT_VARIABLE status)
endif()
if(NOT status EQUAL 0)
    message(FATAL_ERROR "npm could not build the page. Configured with -DTTSAVE_WEB=OFF, the server builds without it.")
endif()
