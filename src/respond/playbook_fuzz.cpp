// Any YAML: a playbook or an error that says where; what can be loaded can be filled.

#include <cstdint>
#include <cstdlib>

#include "respond/fill.h"
#include "respond/playbook.h"

namespace {

void check(bool holds) {
  if (!holds) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace tocsin;
  const auto playbook = respond::parse_playbook({reinterpret_cast<const char*>(data), size}, "f.yaml");
  if (!playbook) {
    check(playbook.error().where.starts_with("f.yaml") && !playbook.error().message.empty());
    return 0;
  }
  check(!playbook->id.empty() && !playbook->steps.empty());
  const respond::Filling filling{
      {{model::EntityKind::kHost, "h'; rm -rf / #", model::EntityRole::kTarget}}, {}, {}};
  for (const auto& step : playbook->steps) {
    for (const auto& command : step.commands) (void)respond::fill(command, filling);
  }
  return 0;
}
