// Wagtail's date picker replaces a date it cannot read, such as 2026-11-30, by today. The server reads more ways of writing
// a date, and says so of one that it cannot read: so what was typed stays.
jQuery.fn.datetimepicker.defaults.validateOnBlur = false;
