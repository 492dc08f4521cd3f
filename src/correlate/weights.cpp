#include "correlate/weights.h"

#include <array>
#include <cmath>

namespace tocsin::correlate {
namespace {

using model::EntityKind;
using model::EntityRole;

// `spread`: up to `few` counterparts the key keeps its weight, from `many` on it has none (proxy, scanner,
// service account). `busy`: up to so many alerts in the last hour or two it keeps its weight, beyond it falls
// with the root.
struct KindWeight {
  double base;
  double few;
  double many;
  double busy;
  Axis axis;
  bool asset;
};

constexpr std::array<KindWeight, 13> kWeights = {{
    {1.0, 6, 24, 12, Axis::kWho, true},     // user
    {1.0, 8, 40, 12, Axis::kWhere, true},   // host
    {0.7, 5, 16, 24, Axis::kOther, true},   // ip
    {0.5, 4, 12, 24, Axis::kOther, false},  // domain
    {1.1, 6, 24, 24, Axis::kOther, false},  // url
    {1.2, 8, 40, 24, Axis::kOther, false},  // hash
    {0.9, 6, 24, 12, Axis::kWho, true},     // email
    {0.8, 6, 24, 24, Axis::kOther, false},  // file: a path may be every machine's
    {0.6, 6, 24, 24, Axis::kOther, false},  // process: a name more than a process
    {0.5, 6, 24, 24, Axis::kOther, true},   // account: the whole cloud account, everybody's
    {1.0, 6, 24, 12, Axis::kWhere, true},   // cloud_resource
    {0.0, 1, 2, 1, Axis::kOther, false},    // cve
    {0.9, 6, 24, 12, Axis::kWhere, true},   // mac
}};
static_assert(kWeights.size() == static_cast<std::size_t>(EntityKind::kMac) + 1);

const KindWeight& of(EntityKind kind) {
  return kWeights[static_cast<std::size_t>(kind)];
}

// An address or a name that an alert merely mentions is a weaker link than one that acted.
double role_factor(const model::LinkKey& key) {
  const bool network = key.kind == EntityKind::kIp || key.kind == EntityKind::kDomain;
  return network && key.role == EntityRole::kRelated ? .75 : 1.0;
}

double spread_factor(const KindWeight& weight, unsigned counterparts) {
  if (counterparts <= weight.few) return 1;
  if (counterparts >= weight.many) return 0;
  return 1 - std::log(counterparts / weight.few) / std::log(weight.many / weight.few);
}

double busy_factor(const KindWeight& weight, unsigned alerts) {
  return alerts <= weight.busy ? 1 : std::sqrt(weight.busy / alerts);
}

}  // namespace

Axis axis_of(EntityKind kind) {
  return of(kind).axis;
}
bool is_asset(EntityKind kind) {
  return of(kind).asset;
}

double link_weight(const model::LinkKey& key, const Commonness::Usage& usage) {
  const auto& weight = of(key.kind);
  return weight.base * role_factor(key) * spread_factor(weight, usage.counterparts) *
         busy_factor(weight, usage.alerts);
}

bool carries_bursts(const model::LinkKey& key, const Commonness::Usage& usage) {
  // A host or a resource is the thing attacked: a spray from a thousand addresses is still one burst on it.
  if (axis_of(key.kind) == Axis::kWhere) return true;
  return is_asset(key.kind) && spread_factor(of(key.kind), usage.counterparts) >= .8;
}

}  // namespace tocsin::correlate
