#include "app/commands/environment.h"

#include <fstream>
#include <iterator>

namespace tocsin::app {

Result<config::Values> read_dotenv() {
  constexpr const char* kFile = ".env";
  std::ifstream in(kFile);
  if (!in) return config::Values{};
  const std::string text(std::istreambuf_iterator<char>(in), {});
  return config::parse_dotenv(text, kFile);
}

}  // namespace tocsin::app
