# Installs the systemd units. Run by `cmake --install`, which may name another prefix than the configuration did: the
# service has to name the one it is installed to. Uses TTSAVE_SOURCE_DIR, TTSAVE_BINARY_DIR and the folders that
# GNUInstallDirs has chosen, TTSAVE_INSTALL_BINDIR and TTSAVE_INSTALL_SYSCONFDIR.

set(TTSAVE_PREFIX ${CMAKE_INSTALL_PREFIX})
cmake_path(ABSOLUTE_PATH TTSAVE_PREFIX BASE_DIRECTORY ${CMAKE_CURRENT_BINARY_DIR}) # where the command was given
# An absolute folder stays where it is.
cmake_path(ABSOLUTE_PATH TTSAVE_INSTALL_BINDIR BASE_DIRECTORY ${TTSAVE_PREFIX} OUTPUT_VARIABLE TTSAVE_BINDIR)
cmake_path(ABSOLUTE_PATH TTSAVE_INSTALL_SYSCONFDIR BASE_DIRECTORY ${TTSAVE_PREFIX} OUTPUT_VARIABLE TTSAVE_SYSCONFDIR)

configure_file(${TTSAVE_SOURCE_DIR}/config/ttsave.service.in ${TTSAVE_BINARY_DIR}/systemd/ttsave.service @ONLY)
file(INSTALL ${TTSAVE_BINARY_DIR}/systemd/ttsave.service ${TTSAVE_SOURCE_DIR}/config/ttsave.socket
     DESTINATION ${TTSAVE_PREFIX}/lib/systemd/system)
file(INSTALL ${TTSAVE_SOURCE_DIR}/config/ttsave.sysusers DESTINATION ${TTSAVE_PREFIX}/lib/sysusers.d
     RENAME ttsave-user.conf)
