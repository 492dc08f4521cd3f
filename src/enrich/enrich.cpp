#include "enrich/enrich.h"

#include "enrich/network_class.h"

namespace tocsin::enrich {

void apply(const Knowledge& knowledge, model::Alert& alert, Timestamp now) {
  FactSink sink(alert, now);
  if (knowledge.exploited) knowledge.exploited->apply(sink);
  if (knowledge.intel->size() > 0) {
    knowledge.intel->apply(sink,
                           [&](const model::Ioc& ioc) { return knowledge.warnings->find(ioc) != nullptr; });
  }
  knowledge.warnings->apply(sink);
  knowledge.assets->apply(sink);
  knowledge.users->apply(sink);
  add_network_classes(sink);
  for (const auto& database : *knowledge.geo) database.apply(sink);
}

}  // namespace tocsin::enrich
