#pragma once
// Sees every connect() of the test program, libcurl's included.

#include <string>
#include <vector>

namespace tocsin::outbound::test {

// "127.0.0.1:8080", "[::1]:8080" of internet sockets, in order, since the last call.
std::vector<std::string> take_connects();

}  // namespace tocsin::outbound::test
