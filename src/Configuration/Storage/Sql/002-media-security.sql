-- Whether a device's sound is encrypted (SRTP): none, optional (it may ask for it), required.
alter table config.devices
    add column media_security text not null default 'optional' check (media_security in ('none', 'optional', 'required'));
