import { createTheme } from '@mantine/core';

/** What components need to know of the look; colours and sizes stand in portal.css, because the page's policy refuses style elements. */
export const theme = createTheme({
  respectReducedMotion: true,
  components: {
    Button: { defaultProps: { size: 'xs', variant: 'default' } },
    Tooltip: { defaultProps: { withArrow: true, multiline: true, maw: 360, openDelay: 200 } },
    TextInput: { defaultProps: { size: 'sm' } },
    Textarea: { defaultProps: { size: 'sm', autosize: false, rows: 4 } },
    NativeSelect: { defaultProps: { size: 'xs' } },
  },
});
