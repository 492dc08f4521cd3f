// Everything of ours that reads bytes from strangers before a route sees them: the first byte chooses.

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iterator>
#include <string>
#include <string_view>

#include "base/utf8.h"
#include "http/assets.h"
#include "http/gzip.h"
#include "http/open_mode.h"
#include "http/request_parser.h"
#include "http/target.h"
#include "http/trace.h"

namespace {

using namespace tocsin::http;

void require(bool holds) {
  if (!holds) std::abort();
}

void fuzz_target(std::string_view input) {
  const auto target = parse_target(input);
  if (!target) return;
  require(tocsin::find_invalid_utf8(target->path) == target->path.size());
  require(target->path == "*" || target->path.starts_with('/'));
  require(target->path.find("/../") == std::string::npos && !target->path.ends_with("/.."));
}

void fuzz_router(std::string_view input) {
  static const Router kRouter = [] {
    Router router;
    for (const auto* path : {"/", "/a/{b}", "/a/b", "/a/{b}/c", "/{x}/{y}/z", "/s/{rest...}"}) {
      router.add(Method::kGet, path, [](const Request&) { return Response{}; });
    }
    return router;
  }();
  const auto match = kRouter.match(Method::kGet, input);
  require(match.pattern.empty() == (match.handler == nullptr));
}

void fuzz_open_mode(std::string_view input) {
  Request request;
  request.method = Method::kPost;
  request.headers = {{"Host", std::string(input)}, {"Origin", "http://" + std::string(input)}};
  const bool refused = check_open_mode({8000, {}}, request, {}, true).has_value();
  require(refused == !is_local_authority(input, 8000));
  accepts_gzip(input);
  require(trace_id_from(input).size() == 32);
}

void fuzz_assets(std::string_view input) {
  const auto files = StaticFiles::open(input);
  if (files && files->find("/a") != nullptr) serve_asset(*files->find("/a"), {});
}

void fuzz_gunzip(std::string_view input) {
  constexpr std::size_t kMax = 1 << 20;
  const auto out = gunzip(input, kMax);
  require(!out || out->size() <= kMax);
}

// The limits hold whatever comes.
void fuzz_parser(std::string_view input) {
  RequestParser parser({2'048, 4'096, 20});
  std::size_t consumed = 0;
  auto state = RequestParser::State::kNeedMore;
  for (int i = 0; i < 3 && state != RequestParser::State::kFailed && state != RequestParser::State::kDone;
       ++i) {
    state = parser.put(input, consumed);
    require(consumed <= input.size());
    input.remove_prefix(consumed);
  }
  require(parser.request().body.size() <= 4'096 && parser.request().headers.size() <= 20);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  constexpr void (*kParts[])(std::string_view) = {fuzz_target, fuzz_router, fuzz_open_mode,
                                                  fuzz_assets, fuzz_gunzip, fuzz_parser};
  if (size == 0) return 0;
  const std::string_view input(reinterpret_cast<const char*>(data) + 1, size - 1);
  kParts[data[0] % std::size(kParts)](input);
  return 0;
}
