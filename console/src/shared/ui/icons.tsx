// The outline set of the design (Tabler, MIT), one size a place, the colour of the text around.
import {
  IconAlertTriangle,
  IconArchive,
  IconChartBar,
  IconCheck,
  IconChevronDown,
  IconChevronLeft,
  IconChevronRight,
  IconClock,
  IconCopy,
  IconDatabase,
  IconDots,
  IconDownload,
  IconExternalLink,
  IconFileCode,
  IconHelp,
  IconHistory,
  IconInbox,
  IconLayoutList,
  IconLoader,
  IconMailX,
  IconPlugConnected,
  IconSearch,
  IconShieldSearch,
  IconThumbDown,
  IconThumbUp,
  IconUsers,
  IconVolumeOff,
  IconX,
} from '@tabler/icons-react';

const set = {
  admin: IconUsers,
  desk: IconChartBar,
  alert: IconAlertTriangle,
  check: IconCheck,
  clock: IconClock,
  down: IconChevronDown,
  left: IconChevronLeft,
  right: IconChevronRight,
  copy: IconCopy,
  more: IconDots,
  download: IconDownload,
  external: IconExternalLink,
  enrichment: IconDatabase,
  mapping: IconFileCode,
  help: IconHelp,
  queue: IconInbox,
  alerts: IconLayoutList,
  audit: IconHistory,
  jobs: IconLoader,
  deadletters: IconMailX,
  rules: IconShieldSearch,
  sources: IconPlugConnected,
  noise: IconVolumeOff,
  autoclose: IconArchive,
  search: IconSearch,
  thumbUp: IconThumbUp,
  thumbDown: IconThumbDown,
  close: IconX,
};

export type IconName = keyof typeof set;

export function Icon({ name, size = 16 }: { name: IconName; size?: 16 | 20 }) {
  const Shape = set[name];
  return <Shape size={size} stroke={1.75} aria-hidden focusable={false} />;
}
