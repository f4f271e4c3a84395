// Boost 1.81's Process v2 uses asio's throw_error without including it.
#include <boost/asio/detail/throw_error.hpp>

#include <boost/process/v2/src.hpp>
