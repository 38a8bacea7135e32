/** The few signs that the panel needs, drawn as lines; each stands beside words or on a named button. */
import SvgIcon, { type SvgIconProps } from "@mui/material/SvgIcon";

function line(path: string) {
  return function Icon(props: SvgIconProps) {
    return (
      <SvgIcon {...props} viewBox="0 0 24 24" aria-hidden="true">
        <path
          d={path}
          fill="none"
          stroke="currentColor"
          strokeWidth="1.9"
          strokeLinecap="round"
          strokeLinejoin="round"
        />
      </SvgIcon>
    );
  };
}

export const OverviewIcon = line("M4 20V11M10 20V4M16 20v-6M21 20H3");
export const MuscleIcon = line(
  "M5 19c4 1.6 11 1.4 14-2 2-2.4.4-6-2.6-6-2.2 0-3.4 1.2-5.4 1C9 11.7 9.5 8 8 4.5L5 6.5C4 11 3.8 15 5 19Z",
);
export const ExerciseIcon = line("M7 12h10M6 7v10M18 7v10M3 9.5v5M21 9.5v5");
export const TrainingIcon = line("M8 6h12M8 12h12M8 18h12M4 6h.01M4 12h.01M4 18h.01");
export const PeopleIcon = line(
  "M9 11a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7ZM2.5 20c.5-3.8 3-6 6.5-6s6 2.2 6.5 6" +
    "M16 4.3a3.5 3.5 0 0 1 0 6.4M18 14.5c2 .8 3.2 2.7 3.5 5.5",
);
export const AuditIcon = line("M12 8v4.5l3 1.8M3.5 12a8.5 8.5 0 1 0 2.6-6.1M3.5 4v4h4");
export const MenuIcon = line("M4 7h16M4 12h16M4 17h16");
export const SearchIcon = line("M10.5 17a6.5 6.5 0 1 0 0-13 6.5 6.5 0 0 0 0 13ZM20 20l-4.8-4.8");
export const FilterIcon = line("M4 6h16M7 12h10M10 18h4");
export const SunIcon = line(
  "M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 2.5v2M12 19.5v2M4.9 4.9l1.4 1.4M17.7 17.7l1.4 1.4M2.5 12h2M19.5 12h2" +
    "M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4",
);
export const MoonIcon = line("M20 14.5A8.5 8.5 0 1 1 9.5 4a7 7 0 0 0 10.5 10.5Z");
export const SystemIcon = line("M4 5h16v11H4zM9 20h6M12 16v4");
export const AccountIcon = line("M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.5c.8-4 3.6-6 7.5-6s6.7 2 7.5 6");
export const EditIcon = line("M4 20h4L19 9l-4-4L4 16v4ZM13.5 6.5l4 4");
export const ArchiveIcon = line("M3.5 5h17v4h-17zM5 9v10h14V9M10 13h4");
export const RestoreIcon = line("M4 9h10a5.5 5.5 0 0 1 0 11H8M4 9l4-4M4 9l4 4");
export const DeleteIcon = line("M4 7h16M9 7V4h6v3M6 7l1 13h10l1-13M10 11v5M14 11v5");
export const MergeIcon = line("M6 4v4c0 4 6 4 6 8v4M18 4v4c0 4-6 4-6 8M9 17l3 3 3-3");
export const AddIcon = line("M12 5v14M5 12h14");
export const ClearIcon = line("M6 6l12 12M18 6L6 18");
export const BackIcon = line("M15 5l-7 7 7 7");
export const NextIcon = line("M9 5l7 7-7 7");
export const DownloadIcon = line("M12 4v11M7 11l5 5 5-5M4 20h16");
export const TableIcon = line("M4 5h16v14H4zM4 10h16M4 14.5h16M10 5v14");
export const UpIcon = line("M12 19V5M6 11l6-6 6 6");
export const DownIcon = line("M12 5v14M6 13l6 6 6-6");
export const LogoIcon = ExerciseIcon;
