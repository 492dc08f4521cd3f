#include "store/sql/emptied_block.h"

#include "model/link.h"

namespace tocsin::store {

Result<EmptiedBlock> emptied_block(std::string_view links, const BlockReader& docs, const LeftSlots& left) {
  EmptiedBlock emptied;
  BlockWriter writer;
  for (std::size_t slot = 0; slot < docs.size(); ++slot) {
    const auto record = model::decode_link_record(links);
    if (!record) return error(ErrorKind::kInternal, "rewrite a block", "its links are damaged");
    const bool alert = left.alerts.contains(slot);
    model::encode(alert ? *record : model::LinkRecord{}, emptied.links);
    auto& item = writer.open_item();
    if (alert || left.repeats.contains(slot)) item = docs.item(slot);
    writer.close_item();
  }
  emptied.docs = writer.pack();
  return emptied;
}

void count_gone(WriteContext& context, TenantId tenant, const model::Alert& alert) {
  auto& counters = context.counters;
  counters.add(tenant, Counter::kAlerts, "", -1);
  counters.add(tenant, Counter::kAlertSeverity, to_text(alert.severity), -1);
  counters.add(tenant, Counter::kAlertStatus, to_text(alert.status), -1);
  counters.add(tenant, Counter::kAlertSource,
               context.names.counted_as(tenant, Counter::kAlertSource, alert.source), -1);
}

}  // namespace tocsin::store
