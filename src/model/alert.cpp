#include "model/alert.h"

namespace tocsin::model {

std::string_view find_entity(const Alert& alert, EntityKind kind, std::initializer_list<EntityRole> roles) {
  for (const auto role : roles) {
    for (const auto& entity : alert.entities) {
      if (entity.kind == kind && entity.role == role) return entity.value;
    }
  }
  return {};
}

}  // namespace tocsin::model
